import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort, waitFor } from '@signalbox/testkit';
import { createMesosDnsSimulator, type MesosDnsFault, type MesosDnsSimulator } from '@signalbox/testkit/mesos-dns';
import { request } from 'undici';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CliProcess, startCli } from './support/cli.ts';
import { stopHaproxy } from './support/haproxy.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

const hostname = 'web.example.com';
const agents = ['127.0.0.1', '127.0.0.2', '127.0.0.3'];

let workspace: Workspace;
let simulator: MesosDnsSimulator;
let cli: CliProcess;
let port: number;
const servers: Server[] = [];
/** Ids of the running tasks, by the name that they answer with. */
const tasks = new Map<string, string>();

beforeAll(async () => {
  workspace = await createWorkspace();
  simulator = await createMesosDnsSimulator({ agents });
  port = await freePort();
  for (const agent of agents.keys()) await launch(agent);
  await workspace.write(
    'signalbox.yaml',
    `
version: 1
sources:
  mesos:
    type: mesos-dns
    options:
      urls: [${simulator.url}]
      pollInterval: 100ms
      requestTimeout: 1s
      staleAfter: 3s
transforms:
  - type: route
    options:
      rules: [{ match: web.marathon, hostnames: [${hostname}] }]
sinks:
  edge:
    type: haproxy
    options:
      config: ${workspace.path}/haproxy.cfg
      manage: true
      listeners: [{ address: 127.0.0.1, port: ${port}, protocol: http }]
`,
  );
  cli = await startCli(['run', '--log-format', 'json'], workspace.path);
  await answering(['task-0', 'task-1', 'task-2']);
});

afterAll(async () => {
  await cli?.[Symbol.asyncDispose]();
  await stopHaproxy(workspace.path);
  await simulator.close();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  await workspace[Symbol.asyncDispose]();
});

/** A task that answers with its name, on a port of that agent. */
async function launch(agent: number): Promise<string> {
  const name = `task-${servers.length}`;
  const server = createServer((_request, response) => void response.end(name)).listen(0, agents[agent]);
  await once(server, 'listening');
  servers.push(server);
  const hostPort = (server.address() as AddressInfo).port;
  const ports = [{ number: hostPort, name: 'http', protocol: 'tcp' }];
  tasks.set(name, simulator.launch({ name: 'web', agent, hostPorts: [hostPort], ports }));
  return name;
}

/** Who answers to so many requests in a row; a request that fails throws. */
async function askAround(): Promise<string[]> {
  const seen = new Set<string>();
  for (let count = 0; count < 30; count += 1) {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}/`, { headers: { host: hostname } });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`a request was answered with ${statusCode}`);
    seen.add(text);
  }
  return [...seen].sort();
}

async function answering(wanted: readonly string[]): Promise<void> {
  await waitFor(async () => (await askAround()).join() === [...wanted].sort().join(), {
    timeoutMs: 30_000,
    intervalMs: 50,
    description: () => `${wanted.join()} to answer; ${cli.output}`,
  });
}

const running = (): string[] => [...tasks.keys()].sort();

test('an endpoint comes and goes', async () => {
  const name = await launch(0);
  await answering(running());
  simulator.end(tasks.get(name) ?? '');
  tasks.delete(name);
  await answering(running());
});

const faults: [string, MesosDnsFault][] = [
  ['is down', { kind: 'refuse' }],
  ['was started anew and has not read Mesos yet', { kind: 'not-loaded' }],
  ['is frozen', { kind: 'freeze' }],
  ['answers with half of its JSON', { kind: 'garbage' }],
  ['answers 500', { kind: 'status', status: 500 }],
];

test.each(faults)(
  'a Mesos-DNS that %s removes nothing, the log says so, and what changed meanwhile is caught up',
  async (_, fault) => {
    const errors = (): number => cli.output.split('source-error').length;
    const before = errors();
    await simulator.setFault(fault);
    await waitFor(() => errors() > before, { timeoutMs: 30_000, description: () => `an error; ${cli.output}` });
    expect(await askAround()).toEqual(running());
    await launch(1);
    await simulator.clearFaults();
    await answering(running());
  },
);

test('a failover of the master removes nothing', async () => {
  simulator.failOver('127.0.0.2:5050');
  await waitFor(() => cli.output.includes('does not know the agents'), {
    timeoutMs: 30_000,
    description: () => `the warning; ${cli.output}`,
  });
  expect(await askAround()).toEqual(running());
  for (const agent of agents.keys()) simulator.setRegistered(agent, true);
  await launch(2);
  await answering(running());
});

test('a cluster that becomes empty is really empty, and the guard keeps the last endpoints', async () => {
  const before = running();
  for (const id of tasks.values()) simulator.end(id);
  await cli.waitForOutput('guard-hold');
  expect(await askAround()).toEqual(before);
});
