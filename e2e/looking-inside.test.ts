import { mkdir, readFile } from 'node:fs/promises';
import { freePort, waitFor } from '@signalbox/testkit';
import { createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CliProcess, runCli, startCli } from './support/cli.ts';
import { stopHaproxy } from './support/haproxy.ts';
import { webApp } from './support/train.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let simulator: MarathonSimulator;
const running: CliProcess[] = [];

beforeEach(async () => {
  workspace = await createWorkspace();
  simulator = await createMarathonSimulator({ timing: { heartbeatMs: 500 } });
  const [port, routePort] = [await freePort(), await freePort()];
  await simulator.createApp(webApp(port, 2));
  await simulator.settled();
  await workspace.write(
    'signalbox.yaml',
    `
version: 1
sources:
  mesos:
    type: marathon
    options: { urls: [${simulator.urls.join(', ')}], requestTimeout: 1s }
transforms:
  - type: route
    options: { rules: [{ match: /shop/web, hostnames: ["shop.\${DOMAIN:-example.com}"], path: /cart }] }
sinks:
  edge:
    type: haproxy
    options:
      config: ${workspace.path}/haproxy.cfg
      manage: true
      listeners: [{ address: 127.0.0.1, port: ${routePort}, protocol: http }]
`,
  );
});
afterEach(async () => {
  for (const cli of running.splice(0)) await cli[Symbol.asyncDispose]();
  await stopHaproxy(workspace.path);
  await simulator.close();
  await workspace[Symbol.asyncDispose]();
});

async function start(...args: string[]): Promise<CliProcess> {
  const cli = await startCli(args, workspace.path);
  running.push(cli);
  return cli;
}

function taskIds(): readonly string[] {
  return simulator.tasks('/shop/web').flatMap(({ id, state }) => (state === 'TASK_RUNNING' ? [id] : []));
}

test('explain follows a request to the task that answers it, beside a Signalbox that runs', async () => {
  const before = await runCli(['explain', 'shop.example.com/cart/7'], workspace.path);
  expect(before.stdout).toContain('sinks.edge: goes to mesos:/shop/web#http');
  expect(before.stdout).toMatch(/would create backend /);

  const run = await start('run');
  await waitFor(async () => (await runCli(['plan'], workspace.path)).code === 0, {
    timeoutMs: 60_000,
    intervalMs: 200,
    description: () => `HAProxy to be in step; ${run.output}`,
  });
  const { code, stdout, stderr } = await runCli(['explain', 'shop.example.com/cart/7'], workspace.path);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toContain('sources.mesos  marathon, fresh, answered ');
  expect(stdout).toContain('transforms[0]  route, changes it\n');
  expect(stdout).toContain('sinks.edge  haproxy, in step\n');
  expect(stdout).toMatch(/\n {4}127\.\S+ (up|unchecked), /);

  const [task = ''] = taskIds();
  const { stdout: json } = await runCli(['explain', task, '--json'], workspace.path);
  const [service] = JSON.parse(json).services;
  expect(service.id).toBe('mesos:/shop/web#http');
  expect(service.source.service.endpoints.map(({ id }: { id: string }) => id)).toContain(task);
  expect(Object.keys(service.sinks[0].statistics.endpoints)).toContain(task);
  run.kill('SIGTERM');
  await run.ended;
});

test('tap shows an endpoint come and go, and applies nothing', async () => {
  const tap = await start('tap', 'catalog');
  const lines = () =>
    tap.output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
  const endpoints = () => {
    const last = lines().at(-1);
    return [last?.services, last?.changed].flat().find((service) => service !== undefined)?.endpoints.length;
  };
  await waitFor(() => endpoints() === 2, { timeoutMs: 30_000, description: () => tap.output });
  await simulator.scale('/shop/web', 3);
  await waitFor(() => endpoints() === 3, { timeoutMs: 30_000, description: () => tap.output });
  await simulator.scale('/shop/web', 1);
  await waitFor(() => endpoints() === 1, { timeoutMs: 30_000, description: () => tap.output });
  expect(lines()[0]).toMatchObject({ point: 'catalog', kind: 'set' });
  tap.kill('SIGTERM');
  expect(await tap.ended).toMatchObject({ code: 143, stderr: '' });
  await expect(readFile(`${workspace.path}/haproxy.cfg`)).rejects.toThrow('ENOENT');
});

test('what tap prints is given to a scenario, which passes, and fails when the rule is another', async () => {
  const { stdout } = await runCli(['tap', 'sources.mesos', '--full', '--limit', '1'], workspace.path);
  await mkdir(`${workspace.path}/tests`);
  await workspace.write('tests/mesos.json', stdout);
  await workspace.write(
    'tests/web.yaml',
    `version: 1
environment: { DOMAIN: example.org }
scenarios:
  - name: the shop has its host
    given: { files: [mesos.json] }
    expect:
      services:
        mesos:/shop/web#http: { routes: [{ hostnames: [shop.example.org], path: { type: prefix, value: /cart } }] }
      sinks:
        edge: { files: { haproxy.cfg: { contains: mode http }, route.map: { contains: shop.example.org/cart/ } } }
`,
  );
  await simulator.close();
  const passed = await runCli(['test'], workspace.path);
  expect(passed).toMatchObject({ code: 0, stdout: 'ok  the shop has its host\n\n1 scenario, all as expected\n' });
  await workspace.write(
    'tests/web.yaml',
    (await readFile(`${workspace.path}/tests/web.yaml`, 'utf8')).replace('DOMAIN: example.org', 'DOMAIN: example.net'),
  );
  const failed = await runCli(['test'], workspace.path);
  expect(failed.code).toBe(1);
  expect(failed.stdout).toContain('- "shop.example.org"\n      + "shop.example.net"\n');
  expect(failed.stdout).toContain('.contains: is not in route.map\n');
});

test('graph needs nothing but the file', async () => {
  await simulator.close();
  const { code, stdout } = await runCli(['graph'], workspace.path);
  expect(code).toBe(0);
  expect(stdout).toContain('└─▶ sinks.edge  haproxy, settles 200ms to 2s\n');
});
