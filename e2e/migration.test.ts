import { freePort, waitFor } from '@signalbox/testkit';
import { type LoadReport, startLoad } from '@signalbox/testkit/load';
import { createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CliProcess, runCli, startCli } from './support/cli.ts';
import { stopHaproxy, workerPids } from './support/haproxy.ts';
import { webApp } from './support/train.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let old: MarathonSimulator;
/** Only its tasks are used: the file lists their addresses. */
let fresh: MarathonSimulator;
let port: number;
let cli: CliProcess | undefined;

beforeEach(async () => {
  workspace = await createWorkspace();
  [old, fresh] = [await createMarathonSimulator(), await createMarathonSimulator({ seed: 2 })];
  port = await freePort();
  await old.createApp(webApp(port, 3));
  await fresh.createApp(webApp(await freePort(), 2));
  await Promise.all([old.settled(), fresh.settled()]);
  const endpoints = fresh.tasks('/shop/web').map(({ agent, ports }) => `${agent}:${ports[0]}`);
  await workspace.write(
    'services.json',
    JSON.stringify({ services: [{ name: '/shop/web', portName: 'http', endpoints }] }),
  );
  await workspace.write('signalbox.yaml', configuration(90));
});
afterEach(async () => {
  await cli?.[Symbol.asyncDispose]();
  cli = undefined;
  await stopHaproxy(workspace.path);
  await Promise.all([old.close(), fresh.close()]);
  await workspace[Symbol.asyncDispose]();
});

const configuration = (percent: number): string => `
version: 1
sources:
  mesos:
    type: marathon
    options:
      urls: [${old.urls.join(', ')}]
  static:
    type: file
    options:
      files: [${workspace.path}/services.json]
transforms:
  - type: merge
    options:
      pools:
        - by: name
          origins:
            - { match: { source: mesos }, percent: ${percent} }
            - { match: { source: static } }
sinks:
  edge:
    type: haproxy
    options:
      config: ${workspace.path}/haproxy.cfg
      manage: true
`;

const tasksOf = (simulator: MarathonSimulator): Set<string> =>
  new Set(simulator.tasks('/shop/web').map(({ id }) => id));

/** How many requests each side has answered. */
function answersOf({ tasks }: LoadReport): { readonly old: number; readonly fresh: number } {
  const count = (ids: ReadonlySet<string>): number =>
    [...tasks].reduce((total, [id, { answers }]) => total + (ids.has(id) ? answers : 0), 0);
  return { old: count(tasksOf(old)), fresh: count(tasksOf(fresh)) };
}

test('a pool of two sources moves from 90/10 to 0/100 by one number, and no request fails', async () => {
  cli = await startCli(['-c', 'signalbox.yaml', 'run'], workspace.path);
  const url = `http://127.0.0.1:${port}/`;
  await waitFor(
    () =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    { timeoutMs: 60_000, intervalMs: 100 },
  );
  const [pid] = await workerPids(workspace.path);

  await using load = startLoad({ url, ratePerSecond: 150, connections: 6 });
  await waitFor(() => load.report().requests > 600, { timeoutMs: 60_000 });
  const before = answersOf(load.report());
  // The proxy's round robin keeps to its weights; by chance alone the standard deviation of 600 requests would be 1.2 %.
  expect(before.fresh / (before.old + before.fresh)).toBeGreaterThan(0.07);
  expect(before.fresh / (before.old + before.fresh)).toBeLessThan(0.13);

  await workspace.write('signalbox.yaml', configuration(0));
  cli.kill('SIGHUP');
  let seen = before;
  await waitFor(
    () => {
      const last = seen;
      seen = answersOf(load.report());
      return seen.old === last.old && seen.fresh >= last.fresh + 20;
    },
    { timeoutMs: 60_000, intervalMs: 1_000, description: 'the old tasks to be left alone' },
  );
  await waitFor(() => load.report().requests > 0 && answersOf(load.report()).fresh > seen.fresh + 200, {
    timeoutMs: 60_000,
  });
  const report = await load.stop();
  expect(report.failures).toEqual([]);
  expect(answersOf(report).old).toBe(seen.old);
  expect(await workerPids(workspace.path)).toEqual([pid]);

  const { stdout } = await runCli(['-c', 'signalbox.yaml', '--json', 'catalog'], workspace.path);
  const { services } = JSON.parse(stdout) as {
    services: { id: string; endpoints: { metadata: { origin: string } }[] }[];
  };
  expect(services.map(({ id }) => id)).toEqual(['mesos:/shop/web#http']);
  expect(services[0]?.endpoints.map(({ metadata }) => metadata.origin).sort()).toEqual([
    ...Array(3).fill('mesos:/shop/web#http'),
    ...Array(2).fill('static:/shop/web#http'),
  ]);
});
