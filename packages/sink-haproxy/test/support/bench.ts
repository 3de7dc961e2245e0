import { join } from 'node:path';
import type { Sink } from '@signalbox/core';
import { createBench as createProxyBench, type ProxyBench } from '@signalbox/testkit/proxy';
import { reloadThroughMaster } from '../../src/control/reload.ts';
import { openRuntime } from '../../src/control/runtime-connection.ts';
import { createHaproxySink } from '../../src/create-sink.ts';
import type { HaproxyOptions } from '../../src/index.ts';
import { haproxyOptions } from '../../src/options.ts';
import { type Settings, toSettings } from '../../src/settings.ts';
import { stopHaproxy } from './stop-haproxy.ts';

export interface Bench extends ProxyBench {
  readonly options: HaproxyOptions;
  /** A new sink on the same files. The one before is left alone, as `kill -9` would. */
  createSink(options?: Partial<HaproxyOptions>, settings?: Partial<Settings>): Sink;
  /** One command over the runtime socket. */
  ask(command: string): Promise<string>;
  pid(): Promise<number>;
  /** A reload that is not the sink's. */
  reload(): Promise<void>;
}

/** A folder with a managed HAProxy that ends with the bench. */
export async function createBench(extra: Partial<HaproxyOptions> = {}): Promise<Bench> {
  const bench = await createProxyBench({
    configFile: 'haproxy.cfg',
    stop: () => stopHaproxy({ ...options, listeners: [] }),
  });
  const { directory, config, context } = bench;
  const options: HaproxyOptions = {
    config,
    manage: true,
    reload: { minIntervalMs: 0, jitterMs: 0 },
    drainTimeoutMs: 200,
    ...extra,
  };
  const runtimeSocket = join(directory, 'signalbox', 'runtime.sock');
  const ask = async (command: string): Promise<string> => {
    await using connection = await openRuntime(runtimeSocket, { signal: context.signal });
    return (await connection.send([command]))[0] ?? '';
  };
  const pid = async () => Number(/^Pid: (\d+)$/m.exec(await ask('show info'))?.[1]);
  const reload = async () => {
    await reloadThroughMaster(join(directory, 'signalbox', 'master.sock'), { signal: context.signal });
  };
  return {
    ...bench,
    options,
    createSink(changed = {}, settings = {}) {
      const parsed = toSettings(haproxyOptions.parse({ ...options, ...changed }));
      return bench.own(createHaproxySink({ ...parsed, lookIntervalMs: 300, ...settings }));
    },
    ask,
    pid,
    generation: async () => String(await pid()),
    reload,
    restart: reload,
  };
}
