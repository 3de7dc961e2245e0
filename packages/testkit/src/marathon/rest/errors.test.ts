import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

interface ErrorCase {
  readonly case: string;
  readonly status: number;
  readonly body: string | object;
}

let simulator: MarathonSimulator;
let samples: readonly ErrorCase[];
const sample = (name: string) => samples.find((each) => each.case === name)!;
const url = (path: string) => simulator.urls[0] + path;

beforeAll(async () => {
  samples = JSON.parse(await readFile(new URL('../fixtures/errors.json', import.meta.url), 'utf8'));
  simulator = await createMarathonSimulator({ liveTasks: false });
  await simulator.createApp({ id: '/shop/web', labels: { owner: 'shop', tier: 'front' } });
  await simulator.createApp({ id: '/shop/db', labels: { owner: 'data' } });
  await simulator.createApp({ id: '/other' });
});

afterAll(() => simulator.close());

test.each([
  ['unknown app', '/v2/apps/nope'],
  ['unknown pod (status)', '/v2/pods/nope::status'],
  ['no such route, new', '/v2/nope'],
  ['bad label selector', '/v2/apps?label=foo%3D%3D%3Dbar'],
])('%s', async (name, path) => {
  const response = await fetch(url(path));
  expect(response.status).toBe(sample(name).status);
  expect(response.headers.get('content-type')).toBe('application/json');
  expect(await response.json()).toEqual(sample(name).body);
});

test('the text form of the task list is off', async () => {
  const response = await fetch(url('/v2/tasks'), { headers: { Accept: 'text/plain' } });
  const expected = sample('text/plain task list switched off');
  expect([response.status, await response.text()]).toEqual([expected.status, expected.body]);
});

test('a stream without the exact Accept is refused with HTML', async () => {
  for (const accept of ['text/event-stream, */*', 'text/event-stream;q=1', '*/*']) {
    const response = await fetch(url('/v2/events'), { headers: { Accept: accept } });
    expect(response.status).toBe(405);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  }
});

test('an invalid definition names the field', async () => {
  const body = JSON.stringify({ id: '/bad', upgradeStrategy: { minimumHealthCapacity: 2 } });
  const response = await fetch(url('/v2/apps'), { method: 'POST', body });
  const expected = sample('validation error (write only)');
  expect([response.status, await response.json()]).toEqual([expected.status, expected.body]);
  expect((await fetch(url('/v2/apps'), { method: 'POST', body: '{' })).status).toBe(400);
});

test('an app under deployment is locked unless forced', async () => {
  await simulator.settled();
  const scale = (query: string) => fetch(url(`/v2/apps/shop/web${query}`), { method: 'PUT', body: '{"instances":3}' });
  expect((await scale('')).status).toBe(200);
  const locked = await scale('');
  expect(locked.status).toBe(409);
  expect(await locked.json()).toMatchObject({ deployments: [{ id: expect.any(String) }] });
  expect((await scale('?force=true')).status).toBe(200);
  await simulator.settled();
  expect(simulator.tasks('/shop/web')).toHaveLength(3);
});

test.each([
  ['label=owner', ['/shop/web', '/shop/db']],
  ['label=owner%3D%3Dshop', ['/shop/web']],
  ['label=owner!%3Dshop', ['/shop/db']],
  ['label=owner in (shop, data),tier', ['/shop/web']],
  ['label=owner notin (shop)', ['/shop/db']],
  ['id=SHOP', ['/shop/web', '/shop/db']],
  ['cmd=x', []],
  ['id=web&label=tier', ['/shop/web']],
])('filter %s', async (query, ids) => {
  const { apps } = (await (await fetch(url(`/v2/apps?${query}`))).json()) as { apps: { id: string }[] };
  expect(apps.map((app) => app.id)).toEqual(ids);
});

test('embed is repeated, not separated by commas', async () => {
  const read = async (query: string) => {
    const { apps } = (await (await fetch(url(`/v2/apps?${query}`))).json()) as { apps: object[] };
    return Object.keys(apps[0]!);
  };
  expect(await read('embed=apps.tasks,apps.readiness')).not.toContain('tasks');
  expect(await read('embed=apps.tasks&embed=apps.readiness')).toEqual(
    expect.arrayContaining(['tasks', 'readinessCheckResults', 'deployments', 'tasksRunning']),
  );
});

test('one app and the apps of a group show more than what is asked for, never less', async () => {
  const read = async (path: string) => (await (await fetch(url(path))).json()) as { app: object; '*': object[] };
  const always = ['tasks', 'tasksRunning', 'deployments'];
  const asked = '?embed=apps.readiness';
  expect(Object.keys((await read('/v2/apps/other')).app)).toEqual(expect.arrayContaining(always));
  expect(Object.keys((await read('/v2/apps/other')).app)).not.toContain('readinessCheckResults');
  const both = [...always, 'readinessCheckResults'];
  expect(Object.keys((await read(`/v2/apps/other${asked}`)).app)).toEqual(expect.arrayContaining(both));
  expect(Object.keys((await read(`/v2/apps/shop/*${asked}`))['*'][0]!)).toEqual(expect.arrayContaining(both));
});

test('answers are compressed when that is accepted', async () => {
  const encodingOf = (accepted: string) =>
    new Promise((resolve) => {
      request(url('/v2/apps'), { headers: { 'Accept-Encoding': accepted } }, (response) => {
        response.resume();
        resolve(response.headers['content-encoding']);
      }).end();
    });
  expect(await encodingOf('gzip')).toBe('gzip');
  expect(await encodingOf('identity')).toBeUndefined();
});
