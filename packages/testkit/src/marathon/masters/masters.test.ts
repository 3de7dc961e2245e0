import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import type { MarathonSimulatorOptions } from '../options.ts';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

let simulator: MarathonSimulator;

afterEach(() => simulator.close());

async function start(options: MarathonSimulatorOptions = {}): Promise<void> {
  simulator = await createMarathonSimulator({ liveTasks: false, timing: { electionMs: 1000 }, ...options });
}

/** Opens a stream and keeps what comes, without following a redirect. */
function openStream(url: string, headers: Record<string, string> = {}) {
  const stream = { status: 0, location: '', text: '', ended: false };
  const outgoing = request(url, { headers: { Accept: 'text/event-stream', ...headers } }, (response) => {
    stream.status = response.statusCode ?? 0;
    stream.location = response.headers.location ?? '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      stream.text += text;
    });
    response.on('error', () => {});
    response.on('close', () => {
      stream.ended = true;
    });
  });
  outgoing.on('error', () => {
    stream.ended = true;
  });
  outgoing.end();
  return stream;
}

test('a standby redirects streams to the leader, with the query', async () => {
  await start();
  const stream = openStream(`${simulator.urls[1]}/v2/events?event_type=a&event_type=b`);
  await expect.poll(() => stream.status).toBe(302);
  expect(stream.location).toBe(`${simulator.urls[0]}/v2/events?event_type=a&event_type=b`);
});

test('a standby that passes streams on does so without chunks', async () => {
  await start({ standby: 'proxy' });
  const stream = openStream(`${simulator.urls[1]}/v2/events`);
  await expect.poll(() => stream.text).toContain('event_stream_attached');
  expect(stream.status).toBe(200);
  expect(simulator.connections().streams).toBe(1);
});

test('a standby passes everything else on, and says so', async () => {
  await start();
  const direct = await fetch(`${simulator.urls[0]}/v2/leader`);
  const passed = await fetch(`${simulator.urls[1]}/v2/leader`);
  const leader = new URL(simulator.urls[0]!).host;
  expect(await direct.json()).toEqual({ leader });
  expect(await passed.json()).toEqual({ leader });
  expect(direct.headers.get('x-marathon-leader')).toBe(`http://${leader}`);
  expect(direct.headers.has('x-marathon-via')).toBe(false);
  expect(passed.headers.get('x-marathon-leader')).toBe(`http://${leader}`);
  expect(passed.headers.get('x-marathon-via')).toBe(`1.1 ${new URL(simulator.urls[1]!).host}`);
  const created = await fetch(`${simulator.urls[1]}/v2/apps`, { method: 'POST', body: '{"id":"/web"}' });
  expect(created.status).toBe(201);
  const loop = await fetch(`${simulator.urls[1]}/v2/apps`, { headers: { 'X-Marathon-Via': '1.1 other:8080' } });
  expect(loop.status).toBe(502);
  expect(await (await fetch(`${simulator.urls[1]}/ping`)).text()).toBe('pong');
});

test('a change of leader breaks streams, leaves a gap of 502 and forgets what Marathon had checked', async () => {
  await start();
  await simulator.createApp({ id: '/own', healthChecks: [{ path: '/' }] });
  await simulator.createApp({ id: '/mesos', healthChecks: [{ protocol: 'MESOS_HTTP', path: '/' }] });
  await simulator.settled();
  const stream = openStream(`${simulator.urls[0]}/v2/events`);
  await expect.poll(() => stream.text).toContain('event_stream_attached');

  const change = simulator.changeLeader();
  expect(simulator.leaderIndex).toBe(-1);
  await expect.poll(() => stream.ended).toBe(true);
  const gap = await fetch(`${simulator.urls[1]}/v2/apps`);
  expect(gap.status).toBe(502);
  expect(await gap.text()).toContain('<title>Error 502 Could not determine the current leader</title>');
  await change;

  expect(simulator.leaderIndex).toBe(1);
  expect(simulator.tasks('/own')[0]?.healthy).toBeUndefined();
  expect(simulator.tasks('/mesos')[0]?.healthy).toBe(true);
  await simulator.settled();
  expect(simulator.tasks('/own')[0]?.healthy).toBe(true);
  const redirected = openStream(`${simulator.urls[0]}/v2/events`);
  await expect.poll(() => redirected.location).toBe(`${simulator.urls[1]}/v2/events`);
});

test('credentials are asked for on every path', async () => {
  await start({ credentials: { username: 'signalbox', password: 'secret' } });
  for (const path of ['/ping', '/v2/apps', '/v2/events']) {
    const response = await fetch(simulator.urls[1] + path);
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('basic realm="Mesosphere"');
  }
  const authorization = `Basic ${Buffer.from('signalbox:secret').toString('base64')}`;
  const response = await fetch(`${simulator.urls[1]}/v2/apps`, { headers: { authorization } });
  expect(await response.json()).toEqual({ apps: [] });
});

test('a prefix stands in front of everything', async () => {
  await start({ prefix: '/service/marathon/' });
  expect(simulator.urls[0]).toMatch(/:\d+\/service\/marathon$/);
  expect((await fetch(`${simulator.urls[1]}/v2/apps`)).status).toBe(200);
  expect((await fetch(`${new URL(simulator.urls[0]!).origin}/v2/apps`)).status).toBe(404);
  const stream = openStream(`${simulator.urls[1]}/v2/events`);
  await expect.poll(() => stream.location).toBe(`${simulator.urls[0]}/v2/events`);
});
