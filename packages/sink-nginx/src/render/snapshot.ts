import type { Entries } from '../desired/entries.ts';
import type { Structure } from './config.ts';

/** What a cold start begins with, and, without Lua, what tells a later run of Signalbox what nginx runs. */
export interface Snapshot {
  readonly hash: string;
  readonly ports: readonly number[];
  readonly entries: Readonly<Record<string, string>>;
}

export type SnapshotRenderer = (structure: Pick<Structure, 'hash' | 'ports'>, entries: Entries) => string;

/** One that remembers the lines of the last snapshot: written after every change, it costs what changed, and putting the lines together. */
export function createSnapshotRenderer(): SnapshotRenderer {
  /** In the order of keys. */
  let lines = new Map<string, { readonly text: string; readonly line: string }>();

  return ({ hash, ports }, entries) => {
    if (!hasKeys(lines, entries)) {
      lines = new Map([...entries.keys()].sort().map((key) => [key, lines.get(key) ?? { text: '', line: '' }]));
    }
    const all: string[] = [];
    for (const [key, known] of lines) {
      const text = entries.get(key) ?? '';
      let { line } = known;
      if (known.text !== text || line === '') {
        line = `${JSON.stringify(key)}: ${JSON.stringify(text)}`;
        lines.set(key, { text, line });
      }
      all.push(line);
    }
    return `{"hash": "${hash}", "ports": ${JSON.stringify(ports)}, "entries": {\n${all.join(',\n')}\n}}\n`;
  };
}

function hasKeys(lines: ReadonlyMap<string, unknown>, entries: Entries): boolean {
  if (lines.size !== entries.size) return false;
  for (const key of lines.keys()) if (!entries.has(key)) return false;
  return true;
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
