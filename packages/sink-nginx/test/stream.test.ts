import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { endpoint, freePort, service } from '@signalbox/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { type Bench, createBench, modes, sync } from './support/bench.ts';

let bench: Bench;
afterEach(() => bench.close());

describe.each(modes)('mode %s', (mode) => {
  it('TCP goes to the endpoints of its service, and follows them by a reload', async () => {
    bench = await createBench({ mode });
    const [one, two] = [await startSpeaker('one'), await startSpeaker('two')];
    const port = await freePort();
    const tcp = (...ports: number[]) =>
      bench.catalog(service('/db', { port, endpoints: ports.map((target) => endpoint({ port: target })) }));
    const sink = bench.createSink();
    await sync(sink, tcp(one), bench);
    expect(await hear(port)).toBe('one');
    const plan = await sync(sink, tcp(two), bench);
    expect(plan.changes.map(({ action }) => action)).toContain('reload');
    expect(await hear(port)).toBe('two');
    expect((await sink.plan(tcp(two), bench.context)).changes).toEqual([]);
    await sync(sink, tcp(), bench);
    expect(await hear(port)).toBe('');
  });

  it('a port that asks for TLS is left out, and never plain', async () => {
    bench = await createBench({ mode });
    const port = await freePort();
    const target = await startSpeaker('secret');
    const db = service('/db', { port, portTls: {}, endpoints: [endpoint({ port: target })] });
    const plan = await sync(bench.createSink(), bench.catalog(db), bench);
    expect(plan.warnings).toEqual([
      { message: expect.stringContaining(`service port ${port} was left out: it asks for TLS`), service: db.id },
    ]);
    await expect(hear(port)).rejects.toThrow();
  });

  it('speaks the PROXY protocol where it is wished', async () => {
    bench = await createBench({ mode });
    const heard: string[] = [];
    const server = createServer((socket) =>
      socket.on('data', (data) => {
        heard.push(data.toString());
        if (heard.join('').endsWith('hello')) socket.end('bye');
      }),
    );
    const target = await listen(server);
    const port = await freePort();
    const db = service('/db', { port, endpoints: [endpoint({ port: target })], traffic: { proxyProtocol: 'v1' } });
    await sync(bench.createSink(), bench.catalog(db), bench);
    expect(await hear(port, 'hello')).toBe('bye');
    expect(heard.join('')).toMatch(/^PROXY TCP4 127\.0\.0\.1 127\.0\.0\.1 \d+ \d+\r\nhello$/);
  });

  it('UDP datagrams come and go', async () => {
    bench = await createBench({ mode });
    const server = createSocket('udp4');
    server.on('message', (message, { port, address }) => server.send(`echo ${message}`, port, address));
    server.bind(0, '127.0.0.1');
    await once(server, 'listening');
    bench.onClose(async () => void server.close());
    const port = await freePort();
    const dns = service('/dns', { protocol: 'udp', port, endpoints: [endpoint({ port: server.address().port })] });
    const plan = await sync(bench.createSink(), bench.catalog(dns), bench);
    expect(plan.warnings).toEqual([]);
    const client = createSocket('udp4');
    client.send('hello', port, '127.0.0.1');
    const [answer] = (await once(client, 'message', { signal: AbortSignal.timeout(10_000) })) as [Buffer];
    client.close();
    expect(answer.toString()).toBe('echo hello');
  });
});

/** A server that says its name to whoever connects. */
async function startSpeaker(name: string): Promise<number> {
  return listen(createServer((socket) => socket.end(name)));
}

async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  bench.onClose(async () => void server.close());
  return (server.address() as AddressInfo).port;
}

/** All that comes until the other side closes. */
async function hear(port: number, words = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1').setTimeout(10_000);
  socket.on('timeout', () => socket.destroy(new Error('silence for 10 s')));
  if (words !== '') socket.write(words);
  let text = '';
  for await (const data of socket) text += String(data);
  return text;
}
