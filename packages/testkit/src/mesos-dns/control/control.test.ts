import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMesosDnsSimulator } from '../simulator.ts';
import type { MesosDnsSimulator } from '../simulator-interface.ts';

let simulator: MesosDnsSimulator;

beforeAll(async () => {
  simulator = await createMesosDnsSimulator({ control: true, refreshMs: 0 });
});
afterAll(() => simulator.close());

async function call(method: string, path: string, body?: unknown): Promise<[number, Record<string, unknown>]> {
  const response = await fetch(simulator.controlUrl + path, { method, body: body ? JSON.stringify(body) : null });
  return [response.status, (await response.json()) as Record<string, unknown>];
}

/** `ip:port` of the service, as the HTTP API answers. */
async function lookUp(name = '_web._tcp.marathon.mesos.'): Promise<string[]> {
  const response = await fetch(`${simulator.url}/v1/services/${name}`);
  const records = (await response.json()) as { ip: string; port: string }[];
  return records.flatMap(({ ip, port }) => (ip === '' ? [] : [`${ip}:${port}`])).sort();
}

const ok = [200, {}];

test('the first page lists every command with an example', async () => {
  const text = await (await fetch(simulator.controlUrl ?? '')).text();
  expect(text).toContain('POST /tasks\n');
  expect(text).toContain(`curl ${simulator.controlUrl}/faults -X DELETE`);
});

test('tasks, agents and the master obey with the next look at the master', async () => {
  const [status, { id }] = await call('POST', '/tasks', { name: 'web', agent: 0, hostPorts: [31_001] });
  expect(status).toBe(200);
  await call('POST', '/tasks', { name: 'web', agent: 1, hostPorts: [31_002] });
  expect(await lookUp()).toEqual([]);
  expect(await call('POST', '/refresh')).toEqual(ok);
  expect(await lookUp()).toEqual(['10.0.1.10:31001', '10.0.1.11:31002']);

  expect(await call('POST', '/agents?index=1&registered=false')).toEqual(ok);
  await call('POST', '/refresh');
  expect(await lookUp()).toEqual(['10.0.1.10:31001']);

  expect(await call('POST', '/failover?leader=127.0.0.9:5050')).toEqual(ok);
  await call('POST', '/refresh');
  expect(await lookUp()).toEqual([]);
  for (const index of [0, 1]) await call('POST', `/agents?index=${index}`);
  expect(await call('DELETE', `/tasks?id=${id}`)).toEqual(ok);
  await call('POST', '/refresh');
  expect(await lookUp()).toEqual(['10.0.1.11:31002']);
});

test('faults are set and cleared, and requests are counted', async () => {
  expect(await call('POST', '/faults', { kind: 'status', status: 503 })).toEqual(ok);
  expect((await fetch(`${simulator.url}/v1/axfr`)).status).toBe(503);
  expect(await call('DELETE', '/faults')).toEqual(ok);
  expect((await fetch(`${simulator.url}/v1/axfr`)).status).toBe(200);
  const [, state] = await call('GET', '/state');
  const { url, dnsServer, requests } = simulator;
  expect(state).toEqual({ url, dnsServer, requests: { http: requests.http.length, dns: 0 } });
});

test.each<[method: string, path: string, body: unknown, message: string]>([
  ['DELETE', '/tasks?id=nope', undefined, 'there is no task nope'],
  ['POST', '/agents?index=9', undefined, 'there is no agent 9'],
  ['POST', '/agents', undefined, 'there is no agent'],
  ['POST', '/tasks', { hostPorts: [1] }, '"name" is a text'],
  ['POST', '/tasks', { name: 'a', hostPorts: ['x'], ports: [{}] }, '"hostPorts" is a list of ports, and "ports" is'],
  ['POST', '/tasks', { name: 'a', agent: 7 }, 'there is no agent 7'],
  ['POST', '/tasks', ['a'], 'must be a JSON object'],
  ['POST', '/faults', { kind: 'gremlin' }, 'one of refuse, hang'],
  ['POST', '/faults', { kind: 'slow' }, '"delayMs"'],
  ['POST', '/faults', { kind: 'status', status: 42 }, 'from 200 to 599'],
])('%s %s with %j is answered with what was wrong', async (method, path, body, message) => {
  expect(await call(method, path, body)).toEqual([
    400,
    { code: 'REQUEST_INVALID', message: expect.stringContaining(message) },
  ]);
  // Nothing of it is left behind that would break an answer.
  await call('POST', '/refresh');
  expect((await fetch(`${simulator.url}/v1/enumerate`)).status).toBe(200);
});

test('an unknown command is said to be one', async () => {
  expect(await call('POST', '/nope')).toEqual([
    404,
    { code: 'COMMAND_UNKNOWN', message: expect.stringContaining('GET / lists them') },
  ]);
});
