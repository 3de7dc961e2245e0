import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { MarathonSimulatorOptions } from '../options.ts';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';
import { readFixtureText } from './testing/shape.ts';

let simulator: MarathonSimulator;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await simulator.close();
});

async function start(options: MarathonSimulatorOptions): Promise<void> {
  simulator = await createMarathonSimulator({ liveTasks: false, ...options });
}

function openRaw(path = '/v2/events', master = 0) {
  const { hostname, port } = new URL(simulator.urls[master]!);
  const socket = connect(Number(port), hostname);
  sockets.push(socket);
  const client = { socket, text: '', ended: false };
  socket.setEncoding('utf8');
  socket.on('data', (packet: string) => {
    client.text += packet;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    client.ended = true;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nHost: marathon\r\nAccept: text/event-stream\r\n\r\n`);
  return client;
}

/** What stands before the colon, line by line, of the first event. */
const framingOf = (text: string) =>
  [...(text.split('\r\n\r\n')[0] ?? '').matchAll(/^(\w+): /gm)].map(([, name]) => name);

test('0.8 has no stream', async () => {
  await start({ dialect: '0.8' });
  const client = openRaw();
  await expect.poll(() => client.text).toContain('URI not found: /v2/events');
  expect(client.text).toMatch(/^HTTP\/1\.1 404 /);
});

test.each([
  ['0.9', 'events-0.9.sse'],
  ['1.1', 'events-1.1.sse'],
] as const)('%s frames events as %s', async (dialect, fixture) => {
  await start({ dialect });
  const client = openRaw();
  await expect.poll(() => client.text).toContain('event_stream_attached');
  const body = client.text.slice(client.text.indexOf('\r\n\r\n') + 4);
  expect(framingOf(body)).toEqual(framingOf(await readFixtureText(fixture)));
});

test('event_type is honoured from 1.3.7 on', async () => {
  for (const dialect of ['1.1', '1.4'] as const) {
    await start({ dialect });
    const client = openRaw('/v2/events?event_type=deployment_success');
    await expect.poll(() => simulator.connections().streams).toBe(1);
    await simulator.createApp({ id: '/web' });
    await simulator.settled();
    await expect.poll(() => client.text).toContain('event: deployment_success');
    expect(client.text.includes('event: status_update_event')).toBe(dialect === '1.1');
    await simulator.close();
  }
});

test('plans are light when that is asked for, from 1.5.9 on', async () => {
  for (const dialect of ['1.4', '1.5'] as const) {
    await start({ dialect });
    const [heavy, light] = [openRaw(), openRaw('/v2/events?plan-format=light')];
    await expect.poll(() => simulator.connections().streams).toBe(2);
    await simulator.createApp({ id: '/web' });
    await simulator.settled();
    for (const client of [heavy, light]) await expect.poll(() => client.text).toContain('event: deployment_success');
    expect(heavy.text).toContain('"original"');
    expect(light.text.includes('"original"')).toBe(dialect === '1.4');
    await simulator.close();
  }
});

test('a standby passes streams on at once before 1.7, in bulk up to 0.10, and redirects after', async () => {
  await start({ dialect: '1.10' });
  const redirected = openRaw('/v2/events', 1);
  await expect.poll(() => redirected.text).toMatch(/^HTTP\/1\.1 302 /);
  await simulator.close();

  await start({ dialect: '1.5' });
  const passed = openRaw('/v2/events', 1);
  await expect.poll(() => passed.text).toContain('event_stream_attached');
  await simulator.close();

  await start({ dialect: '0.9' });
  const direct = openRaw();
  const held = openRaw('/v2/events', 1);
  await expect.poll(() => simulator.connections().streams).toBe(2);
  await simulator.createApp({ id: '/first', instances: 0 });
  await expect.poll(() => direct.text).toContain('/first');
  expect(held.text).toMatch(/^HTTP\/1\.1 200 /);
  expect(held.text).not.toContain('/first');
  const labels = { text: 'x'.repeat(40_000) };
  await simulator.createApp({ id: '/second', instances: 0, labels });
  await expect.poll(() => held.text).toContain('/first');
});

test('a slow reader loses events without a word before 1.8', async () => {
  await start({ dialect: '1.5', maxOutstandingEvents: 5 });
  const client = openRaw('/v2/events?plan-format=light');
  await expect.poll(() => client.text).toContain('event_stream_attached');
  client.socket.pause();
  const labels = { text: 'x'.repeat(500_000) };
  for (let number = 0; number < 40; number += 1) {
    await simulator.createApp({ id: `/app-${number}`, instances: 0, labels });
  }
  await simulator.settled();
  client.socket.resume();
  await expect.poll(() => client.text).toContain('/app-0"');
  await simulator.createApp({ id: '/last', instances: 0 });
  await expect.poll(() => client.text).toContain('/last');
  expect(client.ended).toBe(false);
  expect(client.text).not.toContain('"groupId":"/app-39"');
});
