import { readFile } from 'node:fs/promises';
import { freePort, waitFor } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CliProcess, runCli, startCli } from './support/cli.ts';
import { stopHaproxy, workerPids } from './support/haproxy.ts';
import { webApp } from './support/train.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let simulator: MarathonSimulator;
let port: number;
let routePort: number;
let cli: CliProcess | undefined;

beforeEach(async () => {
  workspace = await createWorkspace();
  simulator = await createMarathonSimulator({ timing: { heartbeatMs: 500 } });
  [port, routePort] = [await freePort(), await freePort()];
  await simulator.createApp(webApp(port));
  await simulator.settled();
  await workspace.write('signalbox.yaml', configuration());
});
afterEach(async () => {
  await cli?.[Symbol.asyncDispose]();
  cli = undefined;
  await stopHaproxy(workspace.path);
  await simulator.close();
  await workspace[Symbol.asyncDispose]();
});

const configuration = (hostname = 'shop.example.com'): string => `
version: 1
sources:
  mesos:
    type: marathon
    options:
      urls: [${simulator.urls.join(', ')}]
      requestTimeout: 1s
transforms:
  - type: route
    options:
      rules:
        - match: /shop/web
          hostnames: [${hostname}]
sinks:
  edge:
    type: haproxy
    options:
      config: ${workspace.path}/haproxy.cfg
      manage: true
      listeners: [{ address: 127.0.0.1, port: ${routePort}, protocol: http }]
`;

async function get(url: string, host?: string): Promise<number> {
  const { statusCode, body } = await request(url, host === undefined ? {} : { headers: { host } });
  await body.dump();
  return statusCode;
}

const byPort = (): Promise<number> => get(`http://127.0.0.1:${port}/`);
const byHost = (host: string): Promise<number> => get(`http://127.0.0.1:${routePort}/`, host);

async function start(): Promise<CliProcess> {
  cli = await startCli(['run', '--log-format', 'json'], workspace.path);
  await waitFor(async () => (await byPort()) === 200, {
    timeoutMs: 20_000,
    description: () => `traffic; ${cli?.output}`,
  });
  return cli;
}

test('publishes a service at its port and at its host name, and leaves HAProxy serving when it ends', async () => {
  const running = await start();
  expect(await byHost('shop.example.com')).toBe(200);
  expect(await byHost('other.example.com')).toBe(404);
  running.kill('SIGTERM');
  expect((await running.ended).code).toBe(143);
  expect(await byPort()).toBe(200);
});

test('plan shows what would change and touches nothing; after apply it is empty', async () => {
  const planned = await runCli(['plan'], workspace.path);
  expect(planned).toMatchObject({ code: 2, stdout: expect.stringContaining('/shop/web') });
  await expect(byPort()).rejects.toThrow();
  await expect(readFile(`${workspace.path}/haproxy.cfg`)).rejects.toThrow('ENOENT');

  expect(await runCli(['apply'], workspace.path)).toMatchObject({ code: 0 });
  expect(await byPort()).toBe(200);
  const again = await runCli(['plan', '--json'], workspace.path);
  expect(again, again.stdout + again.stderr).toMatchObject({ code: 0 });
});

test('kill -9: traffic goes on, and the next start changes nothing, also while Marathon is down', async () => {
  const first = await start();
  await simulator.scale('/shop/web', 5);
  await simulator.settled();
  await waitForTasks(5);
  first.kill('SIGKILL');
  await first.ended;
  const workers = await workerPids(workspace.path);
  expect(await byPort()).toBe(200);

  const second = await start();
  await second.waitForOutput('source-sync');
  simulator.setFault({ kind: 'refuse' });
  second.kill('SIGKILL');
  await second.ended;

  cli = await startCli(['run', '--log-format', 'json'], workspace.path);
  await cli.waitForOutput('source-restore');
  await waitForTasks(5);
  simulator.clearFaults();
  await simulator.scale('/shop/web', 2);
  await simulator.settled();
  await waitForTasks(2);
  expect(await workerPids(workspace.path)).toEqual(workers);
  expect(cli.output).not.toContain('"action":"reload"');
});

test('SIGHUP takes a good file without a lost request, and keeps the old one when the new is bad', async () => {
  const running = await start();
  await using load = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 200, connections: 4 });

  await workspace.write('signalbox.yaml', configuration('new.example.com').replace('manage:', 'mange:'));
  running.kill('SIGHUP');
  await running.waitForOutput('did you mean');
  expect(await byHost('shop.example.com')).toBe(200);

  await workspace.write('signalbox.yaml', configuration('new.example.com'));
  running.kill('SIGHUP');
  await waitFor(async () => (await byHost('new.example.com')) === 200, { timeoutMs: 20_000 });
  expect(await byHost('shop.example.com')).toBe(404);
  expect(await load.stop()).toMatchObject({ failed: 0 });
});

async function waitForTasks(count: number): Promise<void> {
  await waitFor(
    async () => {
      const tasks = new Set<string>();
      for (let index = 0; index < 30; index += 1) {
        const { headers, body } = await request(`http://127.0.0.1:${port}/`);
        await body.dump();
        tasks.add(String(headers['x-task']));
      }
      return tasks.size === count;
    },
    { timeoutMs: 20_000, intervalMs: 50, description: () => `${count} tasks to answer; ${cli?.output}` },
  );
}
