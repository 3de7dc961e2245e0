import type { HeaderEdits } from '@signalbox/core';

/** Each list in the order of names: removed first, then set, then added, so that a header may be replaced by several. */
export interface CheckedHeaderEdits {
  readonly remove: readonly string[];
  readonly set: readonly HeaderWrite[];
  readonly add: readonly HeaderWrite[];
}

/** A value of printable ASCII, not empty. */
export interface HeaderWrite {
  readonly name: string;
  readonly value: string;
}

/** They say where a message ends and what the connection becomes, or have a wish of their own (`rewrite.hostname`). */
const untouchable = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const mostEdits = 64;
const mostCharacters = 1_024;

export function checkHeaderEdits(edits: HeaderEdits): CheckedHeaderEdits | { readonly problem: string } {
  const checked = {
    remove: (edits.remove ?? []).toSorted(),
    set: byName(edits.set ?? {}),
    add: byName(edits.add ?? {}),
  };
  const writes = [...checked.set, ...checked.add];
  if (checked.remove.length + writes.length > mostEdits) {
    return { problem: `it edits more than ${mostEdits} headers` };
  }
  for (const name of [...checked.remove, ...writes.map((write) => write.name)]) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return { problem: 'the name of a header is unusable' };
    if (untouchable.has(name.toLowerCase())) return { problem: `the header ${name.toLowerCase()} cannot be edited` };
  }
  for (const { value } of writes) {
    if (!/^[ -~]+$/.test(value)) {
      return { problem: 'the value of a header is empty or has characters other than printable ASCII' };
    }
    if (value.length > mostCharacters) {
      return { problem: `the value of a header is longer than ${mostCharacters} characters` };
    }
  }
  return checked;
}

function byName(headers: Readonly<Record<string, string>>): readonly HeaderWrite[] {
  return Object.entries(headers)
    .map(([name, value]) => ({ name, value }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
