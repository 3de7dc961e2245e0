import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '@signalbox/core';
import { plainPath } from './plain-path.ts';
import type { ListenerOptions, ManageOptions } from './proxy-options.ts';

/** Where the target is, with every default filled in. */
export interface TargetSettings {
  /** Absolute, and so is the other. */
  readonly configPath: string;
  readonly runDirectory: string;
  /** Undefined when others start the proxy. */
  readonly manage: { readonly onExit: 'keep' | 'stop' } | undefined;
}

export interface TargetOptions {
  readonly config: string;
  readonly runDirectory?: string | undefined;
  readonly manage: boolean | ManageOptions;
}

/** @throws {ConfigError} CONFIG_INVALID when the folder of the configuration gives a run directory that the proxy may misread. */
export function settleTarget(proxy: string, { config, runDirectory, manage }: TargetOptions): TargetSettings {
  const configPath = resolve(config);
  const directory = runDirectory === undefined ? join(dirname(configPath), 'signalbox') : resolve(runDirectory);
  if (!plainPath.test(directory)) {
    throw new ConfigError(`the run directory ${JSON.stringify(directory)} has characters that ${proxy} may misread`, {
      code: 'CONFIG_INVALID',
      hint: 'set `runDirectory` to a path of letters, digits and ._/@+,=~-',
    });
  }
  return { configPath, runDirectory: directory, manage: settleManage(manage) };
}

function settleManage(manage: boolean | ManageOptions): TargetSettings['manage'] {
  if (manage === false) return undefined;
  return { onExit: manage === true ? 'keep' : (manage.onExit ?? 'keep') };
}

/** @throws {ConfigError} CONFIG_INVALID when two listeners share an address and port. */
export function assertListenersDiffer(listeners: readonly Pick<ListenerOptions, 'address' | 'port'>[]): void {
  const seen = new Set<string>();
  for (const { address, port } of listeners) {
    const place = `${address} ${port}`;
    if (seen.has(place)) {
      throw new ConfigError(`two listeners share ${address} port ${port}`, {
        code: 'CONFIG_INVALID',
        hint: 'give each listener an address and port of its own',
      });
    }
    seen.add(place);
  }
}
