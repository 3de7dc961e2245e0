import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';
import type { Fault } from './fault.ts';

let simulator: MarathonSimulator;
const get = (master = 0, timeoutMs = 5000) =>
  fetch(`${simulator.urls[master]}/v2/apps?embed=apps.tasks`, { signal: AbortSignal.timeout(timeoutMs) });

beforeAll(async () => {
  simulator = await createMarathonSimulator({ liveTasks: false });
  await simulator.createApp({ id: '/web' });
  await simulator.settled();
});

afterEach(async () => {
  simulator.clearFaults();
  await simulator.settled();
  const { apps } = (await (await get()).json()) as { apps: unknown[] };
  expect(apps).toHaveLength(1);
});

afterAll(() => simulator.close());

test.each<[Fault, number, string, RegExp]>([
  [{ kind: 'status', status: 503 }, 503, 'text/html;charset=iso-8859-1', /^<html>/],
  [{ kind: 'status', status: 500, body: 'json' }, 500, 'application/json', /^\{"message"/],
  [{ kind: 'empty-object' }, 200, 'application/json', /^\{\}$/],
  [{ kind: 'empty-apps' }, 200, 'application/json', /^\{"apps":\[\]\}$/],
  [{ kind: 'unauthorized' }, 401, 'text/html;charset=iso-8859-1', /^$/],
])('%o answers so', async (fault, status, contentType, body) => {
  simulator.setFault(fault);
  const response = await get();
  expect(response.status).toBe(status);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect(await response.text()).toMatch(body);
});

test('a cut-off answer is whole for HTTP and broken as JSON', async () => {
  simulator.setFault({ kind: 'truncated' });
  const text = await (await get()).text();
  expect(text).toMatch(/^\{"apps":\[/);
  expect(() => JSON.parse(text)).toThrow(SyntaxError);
});

test('a cut-off answer may break the connection', async () => {
  simulator.setFault({ kind: 'truncated', connection: 'destroyed' });
  await expect(get().then((response) => response.text())).rejects.toThrow();
});

test('a node that hangs never answers', async () => {
  simulator.setFault({ kind: 'hang' });
  await expect(get(0, 300)).rejects.toMatchObject({ name: 'TimeoutError' });
});

test('a slow node answers late', async () => {
  simulator.setFault({ kind: 'slow', delayMs: 150 });
  const start = performance.now();
  expect((await get()).status).toBe(200);
  expect(performance.now() - start).toBeGreaterThan(140);
});

test('a node that refuses connections listens on the same port again', async () => {
  simulator.setFault({ kind: 'refuse' }, { master: 0 });
  await simulator.settled();
  await expect(get(0)).rejects.toThrow('fetch failed');
  const passed = await get(1);
  expect(passed.status).toBe(502);
  expect(await passed.text()).toContain('Connection to leader refused.');
});

test('a fault of one node leaves the others alone', async () => {
  simulator.setFault({ kind: 'status', status: 500 }, { master: 1 });
  expect((await get(1)).status).toBe(500);
  expect((await get(0)).status).toBe(200);
});
