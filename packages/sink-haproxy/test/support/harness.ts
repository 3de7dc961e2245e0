import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer as createHttpServer, get, type Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog, Endpoint, Plan, PluginContext, Service, Sink } from '@signalbox/core';
import { silentLogger } from '@signalbox/core';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { type HaproxyOptions, haproxy } from '../../src/index.ts';

export interface Bench {
  readonly directory: string;
  readonly config: string;
  readonly context: PluginContext;
  readonly options: HaproxyOptions;
  /** A new sink on the same files. The one before is left alone, as `kill -9` would. */
  createSink(options?: Partial<HaproxyOptions>): Sink;
  catalog(...services: Service[]): Catalog;
  /** One command over the runtime socket. */
  ask(command: string): Promise<string>;
  pid(): Promise<number>;
  readConfig(): Promise<string>;
  close(): Promise<void>;
}

/** A folder with a managed HAProxy that ends with the bench. */
export async function createBench(extra: Partial<HaproxyOptions> = {}): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'haproxy-'));
  const config = join(directory, 'haproxy.cfg');
  const runtimeSocket = join(directory, 'signalbox', 'runtime.sock');
  const abort = new AbortController();
  const context = { id: 'edge', signal: abort.signal, logger: silentLogger };
  const options: HaproxyOptions = {
    config,
    manage: true,
    reload: { minIntervalMs: 0, jitterMs: 0 },
    drainTimeoutMs: 200,
    ...extra,
  };
  const sinks: Sink[] = [];
  let version = 0;
  const ask = async (command: string): Promise<string> => {
    await using connection = await openRuntime(runtimeSocket, { signal: context.signal });
    return (await connection.send([command]))[0] ?? '';
  };
  return {
    directory,
    config,
    context,
    options,
    createSink(changed = {}) {
      const sink = haproxy({ ...options, ...changed });
      sinks.push(sink);
      return sink;
    },
    catalog(...services) {
      version += 1;
      const sorted = services.toSorted((left, right) => (left.id < right.id ? -1 : 1));
      return { version, services: new Map(sorted.map((service) => [service.id, service])) };
    },
    ask,
    async pid() {
      return Number(/^Pid: (\d+)$/m.exec(await ask('show info'))?.[1]);
    },
    readConfig: () => readFile(config, 'utf8'),
    async close() {
      for (const sink of sinks) await sink[Symbol.asyncDispose]?.().catch(() => {});
      await haproxy({ ...options, manage: { onExit: 'stop' } })[Symbol.asyncDispose]?.();
      abort.abort();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Plans and applies; gives the plan. */
export async function sync(sink: Sink, catalog: Catalog, bench: Bench): Promise<Plan> {
  const plan = await sink.plan(catalog, bench.context);
  await plan.apply();
  return plan;
}

export function summaries(plan: Plan): readonly string[] {
  return plan.changes.map(({ summary }) => summary);
}

export function makeService(id: string, fields: Partial<Service> = {}): Service {
  return { id, name: id, protocol: 'tcp', appProtocol: 'http', endpoints: [], labels: {}, ...fields };
}

export function makeEndpoint(port: number, fields: Partial<Endpoint> = {}): Endpoint {
  return { id: `task-${port}`, address: '127.0.0.1', port, health: 'healthy', ...fields };
}

/** A port that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Origin extends AsyncDisposable {
  readonly port: number;
  readonly name: string;
}

/** An application that answers every request with its name. */
export async function startOrigin(name: string): Promise<Origin> {
  const server: HttpServer = createHttpServer((_request, response) => response.end(name));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    name,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One request over a connection of its own. */
export function request(port: number, { host = 'localhost', path = '/' } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = get(
      { host: '127.0.0.1', port, path, agent: false, headers: { host }, timeout: 10_000 },
      (response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
        response.on('error', reject);
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer within 10 s')));
    outgoing.on('error', reject);
  });
}
