import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readProcesses } from '../src/control/master-socket.ts';
import { type Bench, createBench } from './support/bench.ts';
import { freePort } from './support/origins.ts';
import { makeEndpoint, makeService, sync } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

/** An application that writes a dot every 50 ms and never ends, as downloads and event streams do. Gives its port. */
async function startStream(): Promise<number> {
  const server = createServer((_request, response) => {
    const timer = setInterval(() => response.write('.'), 50);
    response.on('close', () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.onClose(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

interface Stream {
  readonly ended: boolean;
  readonly bytes: number;
}

async function openStream(port: number): Promise<Stream> {
  const stream = { ended: false, bytes: 0 };
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('error', () => {});
  socket.on('close', () => {
    stream.ended = true;
  });
  socket.on('data', (chunk: Buffer) => {
    stream.bytes += chunk.length;
  });
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  bench.onClose(async () => void socket.destroy());
  await expect.poll(() => stream.bytes).toBeGreaterThan(100);
  return stream;
}

it('a connection outlives three reloads, and what has lived through more is ended, so that old workers do not pile up', async () => {
  const port = await freePort();
  const shop = makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(await startStream())] });
  const sink = bench.createSink();
  await sync(sink, bench.catalog(shop), bench);
  const masterSocket = join(bench.directory, 'signalbox', 'master.sock');
  const oldWorkers = async () => (await readProcesses(masterSocket, bench.context)).oldWorkers.length;
  const streams: Stream[] = [];
  let most = 0;
  for (let round = 1; round <= 7; round += 1) {
    // One connection on each worker.
    streams.push(await openStream(port));
    // A new port asks for a reload.
    const added = makeService(`mesos:/new-${round}#0`, { port: await freePort(), endpoints: [makeEndpoint(9)] });
    await sync(sink, bench.catalog(shop, added), bench);
    if (round === 3) {
      const bytes = streams.map((stream) => stream.bytes);
      await expect.poll(() => streams.every((stream, index) => stream.bytes > (bytes[index] ?? 0))).toBe(true);
      expect(streams.some(({ ended }) => ended)).toBe(false);
    }
    most = Math.max(most, await oldWorkers());
  }
  await expect.poll(() => streams[0]?.ended, { timeout: 10_000 }).toBe(true);
  expect(streams.at(-1)?.ended).toBe(false);
  // `mworker-max-reloads 3`, and the one that is about to end.
  expect(most).toBeGreaterThanOrEqual(3);
  expect(most).toBeLessThanOrEqual(5);
  await expect.poll(oldWorkers, { timeout: 10_000 }).toBeLessThanOrEqual(4);
});
