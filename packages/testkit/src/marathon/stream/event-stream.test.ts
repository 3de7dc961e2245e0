import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { MarathonSimulatorOptions } from '../options.ts';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

let simulator: MarathonSimulator;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await simulator.close();
});

async function start(options: MarathonSimulatorOptions = {}): Promise<void> {
  simulator = await createMarathonSimulator({ liveTasks: false, ...options });
}

/** A client that keeps every byte and every packet as it came. */
function openRaw(path = '/v2/events') {
  const { hostname, port } = new URL(simulator.urls[0]!);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  const packets: string[] = [];
  const client = {
    socket,
    packets,
    ended: false,
    text: () => packets.join(''),
    body: () => client.text().split('\r\n\r\n').slice(1).join('\r\n\r\n'),
  };
  socket.setEncoding('utf8');
  socket.on('data', (packet: string) => packets.push(packet));
  socket.on('error', () => {});
  socket.on('close', () => {
    client.ended = true;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: marathon\r\nAccept: text/event-stream\r\n\r\n`);
  return client;
}

test('a stream is framed as Jetty frames it', async () => {
  await start();
  const client = openRaw();
  await expect.poll(client.body).toContain('event_stream_attached');
  expect(client.text()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(client.text()).toMatch(/\r\nContent-Type: text\/event-stream;charset=utf-8\r\n/);
  expect(client.text()).toMatch(/\r\nConnection: close\r\n/);
  expect(client.text()).not.toMatch(/transfer-encoding|content-length/i);
  expect(client.body()).toMatch(/^event: event_stream_attached\r\ndata: \{[^\r\n]*\}\r\n\r\n$/);
  await simulator.createApp({ id: '/web' });
  await simulator.settled();
  await expect.poll(client.body).toContain('event: deployment_success\r\n');
  expect(client.body().replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
});

test('a heartbeat is CR and LF in packets of their own', async () => {
  await start({ timing: { heartbeatMs: 20 } });
  const client = openRaw();
  await expect.poll(() => client.packets).toContain('\r');
  await expect.poll(() => client.packets).toContain('\n');
});

test('only the wanted types are delivered', async () => {
  await start();
  const client = openRaw('/v2/events?event_type=deployment_success&event_type=app_terminated_event');
  await expect.poll(() => simulator.connections().streams).toBe(1);
  await simulator.createApp({ id: '/web' });
  await simulator.settled();
  await expect.poll(client.body).toContain('deployment_success');
  expect(client.body().match(/^event: .*$/gm)).toEqual(['event: deployment_success']);
});

test('a reader that owes too many events is disconnected', async () => {
  await start({ maxOutstandingEvents: 20 });
  const client = openRaw();
  await expect.poll(client.body).toContain('event_stream_attached');
  client.socket.pause();
  const labels = { text: 'x'.repeat(500_000) };
  for (let number = 0; number < 60; number += 1)
    await simulator.createApp({ id: `/app-${number}`, instances: 0, labels });
  await expect.poll(() => simulator.connections().streams, { timeout: 5000 }).toBe(0);
});

test('faults silence, rob and refuse streams', async () => {
  await start({ timing: { heartbeatMs: 10 } });
  const client = openRaw();
  await expect.poll(client.body).toContain('event_stream_attached');

  simulator.setFault({ kind: 'stream-drop' });
  await simulator.createApp({ id: '/dropped', instances: 0 });
  const before = client.packets.length;
  await expect.poll(() => client.packets.length).toBeGreaterThan(before + 4);
  expect(client.body()).not.toContain('/dropped');

  simulator.clearFaults();
  simulator.setFault({ kind: 'stream-silent' });
  await wait(200);
  const silent = client.packets.length;
  await simulator.createApp({ id: '/silenced', instances: 0 });
  await wait(200);
  expect(client.packets).toHaveLength(silent);
  expect(client.ended).toBe(false);

  simulator.clearFaults();
  simulator.setFault({ kind: 'stream-empty' });
  const refused = openRaw();
  await expect.poll(() => refused.ended).toBe(true);
  expect(refused.text()).toMatch(/^HTTP\/1\.1 200 /);
  expect(refused.body()).toBe('');
});
