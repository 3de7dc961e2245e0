import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Catalog,
  delay,
  type Plan,
  type PlannedChange,
  type PluginContext,
  type Service,
  type Sink,
  silentLogger,
} from '@signalbox/core';
import { catalogOf } from '@signalbox/testkit';
import { type ControlState, readEntries, readState } from '../../src/control/control-socket.ts';
import { startNginx, stopNginx } from '../../src/control/process.ts';
import { type NginxMode, type NginxOptions, nginx } from '../../src/index.ts';
import { nginxOptions } from '../../src/options.ts';
import { toSettings } from '../../src/settings.ts';

export const modes: readonly NginxMode[] = ['lua', 'reload'];

export interface Bench {
  readonly directory: string;
  readonly config: string;
  readonly context: PluginContext;
  readonly options: NginxOptions;
  /** A new sink on the same files. The one before is left alone, as `kill -9` would. */
  createSink(options?: Partial<NginxOptions>): Sink;
  catalog(...services: Service[]): Catalog;
  state(): Promise<ControlState>;
  entries(): Promise<ReadonlyMap<string, string>>;
  pid(): Promise<number>;
  readConfig(): Promise<string>;
  /** As after a reboot: nginx begins with what is on the disk. */
  restart(): Promise<void>;
  onClose(close: () => Promise<void>): void;
  close(): Promise<void>;
}

/** A folder with a managed nginx that ends with the bench. */
export async function createBench(extra: Partial<NginxOptions> = {}): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  // Workers of an nginx that root starts run as another user, and pass through to their sockets.
  await chmod(directory, 0o711);
  const config = join(directory, 'nginx.conf');
  const socket = join(directory, 'signalbox', 'control', 'nginx.sock');
  const abort = new AbortController();
  const context = { id: 'edge', signal: abort.signal, logger: silentLogger };
  const options: NginxOptions = {
    config,
    manage: true,
    workers: 2,
    reload: { minIntervalMs: 0, jitterMs: 0 },
    dictionaryMebibytes: 8,
    ...extra,
  };
  const sinks: Sink[] = [];
  const closing: (() => Promise<void>)[] = [];
  let version = 0;
  return {
    directory,
    config,
    context,
    options,
    createSink(changed = {}) {
      const sink = nginx({ ...options, ...changed });
      sinks.push(sink);
      return sink;
    },
    catalog(...services) {
      version += 1;
      return { ...catalogOf(services), version };
    },
    state: () => readState(socket, { signal: context.signal }),
    entries: async () => (await readEntries(socket, { signal: context.signal })).entries,
    async pid() {
      return Number(await readFile(join(directory, 'signalbox', 'nginx.pid'), 'utf8'));
    },
    readConfig: () => readFile(config, 'utf8'),
    async restart() {
      const settings = toSettings(nginxOptions.parse(options));
      await stopNginx(settings, context.signal);
      await startNginx(settings, context.signal);
    },
    onClose(close) {
      closing.push(close);
    },
    async close() {
      for (const close of closing) await close();
      for (const sink of sinks) await sink[Symbol.asyncDispose]?.().catch(() => {});
      await nginx({ ...options, manage: { onExit: 'stop' } })[Symbol.asyncDispose]?.();
      abort.abort();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Plans and applies, also what has to wait; gives all changes. */
export async function sync(sink: Sink, catalog: Catalog, { context }: Pick<Bench, 'context'>): Promise<Plan> {
  const changes: PlannedChange[] = [];
  for (;;) {
    const plan = await sink.plan(catalog, context);
    await plan.apply();
    changes.push(...plan.changes);
    if (plan.deferred === undefined) return { ...plan, changes };
    await delay(plan.deferred.afterMs);
  }
}

export function summaries(plan: Plan): readonly string[] {
  return plan.changes.map(({ summary }) => summary);
}
