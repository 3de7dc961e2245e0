import { once } from 'node:events';
import { rename } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { haproxy } from '@signalbox/sink-haproxy';
import { file } from '@signalbox/source-file';
import { freePort, waitFor } from '@signalbox/testkit';
import { type Load, startLoad } from '@signalbox/testkit/load';
import { drain } from '@signalbox/transforms';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeEvents, type RunningPipeline, startPipeline } from './support/start-pipeline.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

/** Three tasks on two agents. */
const agents = { a: '127.0.0.1', b: '127.0.0.2' };
const taskNames = ['a-1', 'a-2', 'b-1'];

let workspace: Workspace;
let running: RunningPipeline;
let port: number;
let load: Load;
const servers: Server[] = [];
/** Requests of `/slow` that are under way, by the task that has them. */
const held: (readonly [task: string, response: ServerResponse])[] = [];

beforeAll(async () => {
  workspace = await createWorkspace();
  port = await freePort();
  const endpoints = await Promise.all(taskNames.map(startTask));
  const services = [{ name: '/shop/web', portName: 'http', port, appProtocol: 'http', endpoints }];
  const files = [await workspace.write('services.json', JSON.stringify({ services }))];
  running = startPipeline({
    sources: { static: file({ files }) },
    transforms: [drain({ file: `${workspace.path}/drains.yaml` })],
    sinks: { edge: haproxy({ config: `${workspace.path}/haproxy.cfg`, manage: { onExit: 'stop' } }) },
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await workspace[Symbol.asyncDispose]();
});

beforeEach(async () => {
  await writeDrains([]);
  const isServing = (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      ({ ok }) => ok,
      () => false,
    );
  await waitFor(isServing, { timeoutMs: 60_000, description: () => `an answer; ${describeEvents(running.events)}` });
  load = startLoad({ url: `http://127.0.0.1:${port}/`, ratePerSecond: 150, connections: 6 });
  await answering(taskNames);
});
afterEach(() => load[Symbol.asyncDispose]());

/** An application that answers with its name, and on `/slow` when the test wants it. Resolves to what a file says of it. */
async function startTask(name: string): Promise<object> {
  const agent = name.startsWith('a') ? 'a' : 'b';
  const server = createServer((request, response) => {
    response.setHeader('x-task', name);
    if (request.url === '/slow') held.push([name, response]);
    else response.end(name);
  });
  server.keepAliveTimeout = 600_000;
  server.listen(0, agents[agent]);
  await once(server, 'listening');
  servers.push(server);
  return { id: name, address: agents[agent], port: (server.address() as AddressInfo).port, metadata: { agent } };
}

interface Entry {
  readonly match: string;
  readonly until: string;
}

async function writeDrains(entries: readonly Entry[]): Promise<void> {
  const drains = entries.map(({ match, until }) => ({ match: JSON.parse(match), until, reason: 'a new disk' }));
  await workspace.write('drains.new', JSON.stringify({ drains }));
  await rename(`${workspace.path}/drains.new`, `${workspace.path}/drains.yaml`);
}

const onAgent = (agent: string): string => JSON.stringify({ endpoint: { metadata: { agent } } });
const inSeconds = (seconds: number): string => new Date(Date.now() + seconds * 1_000).toISOString();

/** Waits until exactly these tasks have answered the load's last requests. */
async function answering(wanted: readonly string[]): Promise<void> {
  let before = new Map<string, number>();
  const isSo = (): boolean => {
    const { tasks } = load.report();
    const now = new Map([...tasks].map(([id, { answers }]) => [id, answers]));
    const busy = [...now].filter(([id, answers]) => answers > (before.get(id) ?? 0)).map(([id]) => id);
    before = now;
    return busy.sort().join() === wanted.join();
  };
  const description = (): string => `${wanted.join()} to answer; ${describeEvents(running.events)}`;
  await waitFor(isSo, { timeoutMs: 60_000, intervalMs: 200, description });
}

/** A slow request that this agent has. Others that went elsewhere are answered. */
async function holdOneOn(agent: string): Promise<{ readonly answer: Promise<Response>; release(): void }> {
  for (;;) {
    const count = held.length;
    const answer = fetch(`http://127.0.0.1:${port}/slow`);
    await waitFor(() => held.length > count, { timeoutMs: 30_000, description: 'a slow request to arrive' });
    const [task, response] = held.at(-1) as (typeof held)[number];
    if (task.startsWith(agent)) return { answer, release: () => void response.end(task) };
    response.end(task);
    await answer;
  }
}

test('an agent is emptied under load until its end, and nothing breaks', async () => {
  const before = running.reloads;
  const { answer, release } = await holdOneOn('a');
  await writeDrains([{ match: onAgent('a'), until: inSeconds(3_600) }]);
  await answering(['b-1']);
  release();
  expect((await answer).ok, 'a request that was under way').toBe(true);

  await writeDrains([{ match: onAgent('a'), until: inSeconds(1) }]);
  await answering(taskNames);
  expect((await load.stop()).failures).toEqual([]);
  expect(running.reloads).toBe(before);
});

test('the last ones of a service stay until somebody else can serve', async () => {
  await writeDrains([
    { match: onAgent('b'), until: inSeconds(3_600) },
    { match: onAgent('a'), until: inSeconds(3_600) },
  ]);
  await answering(['a-1', 'a-2']);
  const { warnings } = running.pipeline.status.transforms['transforms[0]'] ?? { warnings: [] };
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringContaining('would leave nobody to serve "static:/shop/web#http"'),
  ]);
  await writeDrains([{ match: onAgent('a'), until: inSeconds(3_600) }]);
  await answering(['b-1']);
  expect((await load.stop()).failures).toEqual([]);
});
