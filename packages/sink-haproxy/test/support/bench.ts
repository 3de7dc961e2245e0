import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog, PluginContext, Service, Sink } from '@signalbox/core';
import { silentLogger } from '@signalbox/core';
import { reloadThroughMaster } from '../../src/control/reload.ts';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { createHaproxySink } from '../../src/create-sink.ts';
import { type HaproxyOptions, haproxy } from '../../src/index.ts';
import { haproxyOptions } from '../../src/options.ts';
import { type Settings, toSettings } from '../../src/settings.ts';

export interface Bench {
  readonly directory: string;
  readonly config: string;
  readonly context: PluginContext;
  readonly options: HaproxyOptions;
  /** A new sink on the same files. The one before is left alone, as `kill -9` would. */
  createSink(options?: Partial<HaproxyOptions>, settings?: Partial<Settings>): Sink;
  catalog(...services: Service[]): Catalog;
  /** One command over the runtime socket. */
  ask(command: string): Promise<string>;
  pid(): Promise<number>;
  readConfig(): Promise<string>;
  /** A reload that is not the sink's. */
  reload(): Promise<void>;
  onClose(close: () => Promise<void>): void;
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
  const closing: (() => Promise<void>)[] = [];
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
    createSink(changed = {}, settings = {}) {
      const parsed = toSettings(haproxyOptions.parse({ ...options, ...changed }));
      const sink = createHaproxySink({ ...parsed, lookIntervalMs: 300, ...settings });
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
    async reload() {
      await reloadThroughMaster(join(directory, 'signalbox', 'master.sock'), { signal: context.signal });
    },
    onClose(close) {
      closing.push(close);
    },
    async close() {
      for (const close of closing) await close();
      for (const sink of sinks) await sink[Symbol.asyncDispose]?.().catch(() => {});
      await haproxy({ ...options, listeners: [], manage: { onExit: 'stop' } })[Symbol.asyncDispose]?.();
      abort.abort();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
