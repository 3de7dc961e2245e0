import { basename, join } from 'node:path';
import type { Entries } from '../desired/entries.ts';
import { readLuaFiles } from '../lua-files.ts';
import type { NginxMode } from '../options.ts';
import type { Settings } from '../settings.ts';
import { certificatesPath } from './certificates.ts';
import type { Structure } from './config.ts';

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

/** Every file by path, in the order in which they are written: the configuration last. */
export function renderFiles(
  structure: Structure,
  entries: Entries,
  { settings, mode }: { readonly settings: Settings; readonly mode: NginxMode },
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  if (mode === 'lua') {
    for (const [name, text] of readLuaFiles()) files.set(join(settings.runDirectory, 'lua', 'signalbox', name), text);
  }
  files.set(snapshotPath(settings), renderSnapshot(structure, entries));
  if (structure.certificates !== undefined) files.set(certificatesPath(settings.runDirectory), structure.certificates);
  return files.set(settings.configPath, structure.config);
}

/** What a cold start begins with, and, without Lua, what tells a later run of Signalbox what nginx runs. */
export function renderSnapshot({ hash, ports }: Structure, entries: Entries): string {
  const lines = [...entries]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, text]) => `${JSON.stringify(key)}: ${JSON.stringify(text)}`);
  return `{"hash": "${hash}", "ports": ${JSON.stringify(ports)}, "entries": {\n${lines.join(',\n')}\n}}\n`;
}

export interface Snapshot {
  readonly hash: string;
  readonly ports: readonly number[];
  readonly entries: Readonly<Record<string, string>>;
}

/** Undefined when it is not one of ours. */
export function parseSnapshot(text: string): Snapshot | undefined {
  try {
    const { hash, ports, entries } = JSON.parse(text) as Partial<Snapshot>;
    if (typeof hash !== 'string' || !Array.isArray(ports) || typeof entries !== 'object') return undefined;
    return { hash, ports, entries };
  } catch {
    return undefined;
  }
}
