import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMarathonSimulator } from '../simulator.ts';
import type { MarathonSimulator } from '../simulator-interface.ts';

let simulator: MarathonSimulator;

beforeAll(async () => {
  simulator = await createMarathonSimulator({
    liveTasks: false,
    control: true,
    timing: { drainMs: 10, lingerMs: 5, agentTimeoutMs: 50, electionMs: 20 },
  });
});

afterAll(() => simulator.close());

async function call(method: string, path: string, body?: unknown): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(simulator.controlUrl + path, { method, body: body ? JSON.stringify(body) : null });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

test('the first page lists every command with an example', async () => {
  const text = await (await fetch(simulator.controlUrl!)).text();
  expect(text).toContain('POST /apps/<id>/scale');
  expect(text).toContain('DELETE /pods/<id>');
  expect(text).toContain(`curl ${simulator.controlUrl}/apps/shop/web/scale?instances=5 -X POST`);
});

test('apps, tasks, agents and the leader obey', async () => {
  const ok = [200, {}];
  expect(await call('POST', '/apps', { id: '/shop/web', instances: 2 })).toEqual(ok);
  expect(await call('POST', '/settled')).toEqual(ok);
  expect(await call('POST', '/apps/shop/web/scale?instances=3')).toEqual(ok);
  await call('POST', '/settled');
  expect(simulator.tasks('/shop/web')).toHaveLength(3);

  const [task] = simulator.tasks('/shop/web');
  expect(await call('POST', `/tasks/${task!.id}/kill?notice=false`)).toEqual(ok);
  await call('POST', '/settled');
  expect(simulator.tasks().map((each) => each.id)).toContain(task!.id.replace(/1$/, '2'));

  expect(await call('POST', `/agents/${task!.agent}/lose`)).toEqual(ok);
  await call('POST', '/settled');
  expect(simulator.tasks().map((each) => each.agent)).not.toContain(task!.agent);
  expect(await call('POST', `/agents/${task!.agent}/restore`)).toEqual(ok);

  expect(await call('POST', '/leader/change')).toEqual(ok);
  const [, state] = await call('GET', '/state');
  expect(state).toMatchObject({ urls: simulator.urls, leaderIndex: 1 });

  expect(await call('POST', '/apps/shop/web/update', { labels: { a: 'b' } })).toEqual(ok);
  await call('POST', '/settled');
  expect(await call('DELETE', '/apps/shop/web')).toEqual(ok);
  await call('POST', '/settled');
  expect(simulator.tasks()).toEqual([]);
});

test('pods obey', async () => {
  const ok = [200, {}];
  const containers = [{ name: 'web', endpoints: [{ name: 'http', hostPort: 0 }] }];
  expect(await call('POST', '/pods', { id: '/shop/pod', containers })).toEqual(ok);
  await call('POST', '/settled');
  expect(await call('POST', '/pods/shop/pod/scale?instances=3')).toEqual(ok);
  await call('POST', '/settled');
  expect(simulator.tasks('/shop/pod')).toHaveLength(3);
  const [, state] = await call('GET', '/state');
  expect(state).toMatchObject({ dialect: '1.10' });
  const before = simulator.tasks('/shop/pod').map(({ id }) => id);
  expect(await call('POST', `/tasks/${before[0]}/kill`)).toEqual(ok);
  expect(await call('POST', '/pods/shop/pod/update', { environment: { RELEASE: '2' } })).toEqual(ok);
  await call('POST', '/settled');
  for (const { id } of simulator.tasks('/shop/pod')) expect(before).not.toContain(id);
  expect(await call('DELETE', '/pods/shop/pod')).toEqual(ok);
  await call('POST', '/settled');
  expect(simulator.tasks()).toEqual([]);
  expect(await call('DELETE', '/pods/nope')).toMatchObject([404, { code: 'POD_UNKNOWN' }]);
});

test('faults are set and cleared', async () => {
  await call('POST', '/faults?master=1', { kind: 'status', status: 503 });
  expect((await fetch(`${simulator.urls[1]}/v2/apps`)).status).toBe(503);
  await call('DELETE', '/faults');
  expect((await fetch(`${simulator.urls[1]}/v2/apps`)).status).toBe(200);
});

test('mistakes are answered with what was wrong', async () => {
  expect(await call('POST', '/apps/nope/scale?instances=1')).toMatchObject([404, { code: 'APP_UNKNOWN' }]);
  expect(await call('POST', '/apps/nope/scale')).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
  expect(await call('POST', '/faults', { kind: 'gremlin' })).toMatchObject([400, { code: 'REQUEST_INVALID' }]);
  expect(await call('POST', '/nope')).toMatchObject([404, { code: 'COMMAND_UNKNOWN' }]);
});
