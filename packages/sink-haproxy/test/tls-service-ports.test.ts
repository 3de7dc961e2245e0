import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Service } from '@signalbox/core';
import { freePortRange } from '@signalbox/testkit';
import { openTls, requestTls, shakeHands } from '@signalbox/testkit/tls';
import { afterEach, describe, expect, it } from 'vitest';
import { createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
let from: number;
afterEach(() => bench.close());

async function start(extra: object = {}): Promise<void> {
  from = await freePortRange(4);
  bench = await createTlsBench({ portRanges: [{ from, to: from + 3 }], ...extra });
}

async function serve(name: string, port: number, fields: Partial<Service> = {}): Promise<Service> {
  return { ...(await bench.serve(name)), port, portTls: {}, ...fields };
}

/** TCP, of which nothing is read on the way. */
const asTcp = ({ appProtocol: _, ...service }: Service): Service => service;

async function greet(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.end('hello');
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function startEcho(): Promise<number> {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.onClose(async () => {
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

describe('a port of a range', () => {
  it('gets TLS without a reload: HTTP, with what applications are told', async () => {
    await start();
    const { serial } = await bench.certify('shop.test');
    const other = await bench.certify('other.test');
    const sink = bench.createSink();
    const first = await serve('first', from);
    await sync(sink, bench.catalog(first), bench);
    const pid = await bench.pid();
    const catalog = bench.catalog(first, await serve('second', from + 1));
    const plan = await sync(sink, catalog, bench);
    expect(plan.warnings).toEqual([]);
    expect(new Set(plan.changes.map(({ action }) => action))).toEqual(new Set(['runtime']));
    const answer = await requestTls(from + 1, {
      host: 'shop.test',
      ca: bench.authority.certificate,
      headers: { 'x-forwarded-proto': 'gopher' },
    });
    expect(answer).toMatchObject({ body: 'second', serial });
    const { headers } = JSON.parse(String(answer.headers['x-seen'])) as { headers: Record<string, string> };
    expect(headers).toMatchObject({ 'x-forwarded-proto': 'https', 'x-forwarded-for': '127.0.0.1' });
    expect(await shakeHands(from + 1, { servername: 'other.test', ALPNProtocols: ['h2'] })).toMatchObject({
      serial: other.serial,
      protocol: 'h2',
    });
    await expect(request(from + 1)).rejects.toThrow();
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect((await bench.createSink().plan(catalog, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('carries any TCP inside, and shows a renewed certificate', async () => {
    await start();
    await bench.certify('shop.test');
    const sink = bench.createSink();
    const echo = asTcp(makeService('mesos:/echo#0', { port: from, endpoints: [makeEndpoint(await startEcho())] }));
    await sync(sink, bench.catalog(echo), bench);
    const pid = await bench.pid();
    const catalog = bench.catalog({ ...echo, portTls: {} });
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect(await greet(await openTls(from, { servername: 'shop.test' }))).toBe('hello');
    const open = await openTls(from, { servername: 'shop.test' });
    const { serial } = await bench.certify('shop.test');
    await sync(sink, catalog, bench);
    expect(await shakeHands(from, { servername: 'shop.test' })).toMatchObject({ serial, protocol: false });
    expect(open.destroyed).toBe(false);
    open.destroy();
    await sync(sink, bench.catalog(echo), bench);
    expect(await greet(connect(from, '127.0.0.1'))).toBe('hello');
    expect(await bench.pid()).toBe(pid);
  });

  it('speaks HTTP/2 with the endpoints of a gRPC service', async () => {
    await start();
    await bench.certify('shop.test');
    const server = createHttp2Server((incoming, response) => response.end(`h2c ${incoming.httpVersion}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    bench.onClose(async () => {
      server.close();
    });
    const endpoints = [makeEndpoint((server.address() as AddressInfo).port)];
    const grpc = makeService('mesos:/grpc#0', { appProtocol: 'h2c', port: from, portTls: {}, endpoints });
    await sync(bench.createSink(), bench.catalog(grpc), bench);
    const session = connectHttp2(`https://127.0.0.1:${from}`, { rejectUnauthorized: false, servername: 'shop.test' });
    const stream = session.request({ ':path': '/' });
    let body = '';
    for await (const chunk of stream) body += String(chunk);
    session.close();
    expect(body).toBe('h2c 2.0');
  });
});

describe('a port outside of the ranges', () => {
  it('gets TLS with a reload, beside one without', async () => {
    await start();
    const { serial } = await bench.certify('shop.test');
    const sink = bench.createSink();
    const [plain, http, tcp] = [await freePort(), await freePort(), await freePort()];
    const echo = asTcp(makeService('mesos:/echo#0', { port: tcp, endpoints: [makeEndpoint(await startEcho())] }));
    const plainService = { ...(await bench.serve('plain')), port: plain };
    await sync(sink, bench.catalog(plainService, { ...echo, portTls: {} }), bench);
    const catalog = bench.catalog(plainService, await serve('http', http), { ...echo, portTls: {} });
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan).at(-1)).toContain(`HAProxy reloads: port ${http} is new`);
    expect(await requestTls(http, { host: 'shop.test' })).toMatchObject({ body: 'http', serial });
    expect(await greet(await openTls(tcp, { servername: 'shop.test' }))).toBe('hello');
    expect((await request(plain)).body).toBe('plain');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    const without = await sync(sink, bench.catalog(plainService, echo), bench);
    expect(summaries(without).at(-1)).toContain(`port ${tcp} becomes tcp`);
  });

  it('has the versions that `servicePortTls` says', async () => {
    await start({ servicePortTls: { minVersion: '1.3', alpn: ['http/1.1'] } });
    await bench.certify('shop.test');
    const port = await freePort();
    await sync(bench.createSink(), bench.catalog(await serve('app', port)), bench);
    await expect(shakeHands(port, { maxVersion: 'TLSv1.2' })).rejects.toThrow();
    expect(await shakeHands(port, { ALPNProtocols: ['h2', 'http/1.1'] })).toMatchObject({ protocol: 'http/1.1' });
  });
});

describe('without what it needs', () => {
  it('a port is left out and named, and others are served', async () => {
    await using origin = await startOrigin('plain');
    from = await freePortRange(2);
    const plainBench = await createBench({ portRanges: [{ from, to: from + 1 }] });
    bench = { ...(plainBench as TlsBench) };
    const plain = makeService('mesos:/plain#0', { port: from, endpoints: [makeEndpoint(origin.port)] });
    const secure = makeService('mesos:/secure#0', {
      port: from + 1,
      portTls: {},
      endpoints: [makeEndpoint(origin.port)],
    });
    const { warnings } = await sync(plainBench.createSink(), bench.catalog(plain, secure), bench);
    expect(warnings).toEqual([
      {
        message: `service port ${from + 1} was left out: it asks for TLS, and the sink has no \`certificates\``,
        service: secure.id,
      },
    ]);
    expect((await request(from)).body).toBe('plain');
    await expect(request(from + 1)).rejects.toThrow();
  });

  it('every handshake is refused until there is a certificate', async () => {
    await start();
    const sink = bench.createSink();
    const catalog = bench.catalog(await serve('app', from), { ...(await bench.serve('plain')), port: from + 1 });
    await sync(sink, catalog, bench);
    await expect(shakeHands(from, { servername: 'shop.test' })).rejects.toThrow();
    expect((await request(from + 1)).body).toBe('plain');
    const { serial } = await bench.certify('shop.test');
    await sync(sink, catalog, bench);
    expect(await shakeHands(from, { servername: 'shop.test' })).toMatchObject({ serial });
  });

  it('a certificate that it names is missed, and it is served', async () => {
    await start();
    await bench.certify('shop.test');
    const app = await serve('app', from, { portTls: { certificate: 'no"such' } });
    const { warnings } = await sync(bench.createSink(), bench.catalog(app), bench);
    expect(warnings).toEqual([
      { message: 'it asks for the certificate "no\\"such", and there is none', service: app.id },
    ]);
    expect((await requestTls(from, { host: 'shop.test' })).body).toBe('app');
  });
});
