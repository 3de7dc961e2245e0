import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sink } from '@signalbox/core';
import { createBench as createProxyBench, type ProxyBench } from '@signalbox/testkit/proxy';
import { type ControlState, createControlSocket } from '../../src/control/control-socket.ts';
import { startNginx, stopNginx } from '../../src/control/process.ts';
import { type NginxMode, type NginxOptions, nginx } from '../../src/index.ts';
import { nginxOptions } from '../../src/options.ts';
import { toSettings } from '../../src/settings.ts';

export { summaries, sync } from '@signalbox/testkit/proxy';

export const modes: readonly NginxMode[] = ['lua', 'reload'];

export interface Bench extends ProxyBench {
  readonly options: NginxOptions;
  /** A new sink on the same files. The one before is left alone, as `kill -9` would. */
  createSink(options?: Partial<NginxOptions>): Sink;
  state(): Promise<ControlState>;
  entries(): Promise<ReadonlyMap<string, string>>;
  pid(): Promise<number>;
}

/** A folder with a managed nginx that ends with the bench. */
export async function createBench(extra: Partial<NginxOptions> = {}): Promise<Bench> {
  const bench = await createProxyBench({
    configFile: 'nginx.conf',
    stop: () => stopNginx(toSettings(nginxOptions.parse(options)), AbortSignal.timeout(15_000)).then(() => {}),
  });
  const { directory, config, context } = bench;
  const options: NginxOptions = {
    config,
    manage: true,
    workers: 2,
    reload: { minIntervalMs: 0, jitterMs: 0 },
    dictionaryMebibytes: 8,
    ...extra,
  };
  const control = createControlSocket(join(directory, 'signalbox', 'control', 'nginx.sock'));
  bench.onClose(async () => control.close());
  const pid = async () => Number(await readFile(join(directory, 'signalbox', 'nginx.pid'), 'utf8'));
  return {
    ...bench,
    options,
    createSink: (changed = {}) => bench.own(nginx({ ...options, ...changed })),
    state: () => control.readState({ signal: context.signal }),
    entries: async () => (await control.readEntries({ signal: context.signal })).entries,
    pid,
    async generation() {
      const master = await pid();
      // A reload starts workers and leaves the master.
      return readFile(`/proc/${master}/task/${master}/children`, 'utf8');
    },
    async restart() {
      const settings = toSettings(nginxOptions.parse(options));
      await stopNginx(settings, context.signal);
      await startNginx(settings, context.signal);
    },
  };
}
