import { basename, join } from 'node:path';
import type { Entries } from '../desired/entries.ts';
import { readLuaFiles } from '../lua-files.ts';
import type { NginxMode } from '../options.ts';
import type { Settings } from '../settings.ts';
import { certificatesPath } from './certificates.ts';
import type { Structure } from './config.ts';
import { createSnapshotRenderer, type SnapshotRenderer } from './snapshot.ts';

/** Files with keys, or hashes of passwords: for their owner alone. */
export function isSecret(path: string): boolean {
  return ['snapshot.json', 'certificates.conf'].includes(basename(path));
}

export function snapshotPath({ runDirectory }: Settings): string {
  return join(runDirectory, 'snapshot.json');
}

/** Where a configuration that was edited by hand is kept when it is written again. */
export function editedConfigPath({ runDirectory }: Settings): string {
  return join(runDirectory, 'nginx.conf.edited');
}

export interface FileOptions {
  readonly settings: Settings;
  readonly mode: NginxMode;
  /** Default: one that remembers nothing. */
  readonly renderSnapshot?: SnapshotRenderer;
}

/** Every file by path, in the order in which they are written: the configuration last. */
export function renderFiles(
  structure: Structure,
  entries: Entries,
  { settings, mode, renderSnapshot = createSnapshotRenderer() }: FileOptions,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  if (mode === 'lua') {
    for (const [name, text] of readLuaFiles()) files.set(join(settings.runDirectory, 'lua', 'signalbox', name), text);
  }
  files.set(snapshotPath(settings), renderSnapshot(structure, entries));
  if (structure.certificates !== undefined) files.set(certificatesPath(settings.runDirectory), structure.certificates);
  return files.set(settings.configPath, structure.config);
}
