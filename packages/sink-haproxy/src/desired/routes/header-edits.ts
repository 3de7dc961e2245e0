import type { HeaderEdits } from '@signalbox/core';
import * as safe from '../../render/escape.ts';
import type { FilterPart } from './filter.ts';

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

/** Removed first, then set, then added, each in the order of names, so that a header may be replaced by several. */
export function describeHeaderEdits(stage: 'http-request' | 'http-response', edits: HeaderEdits): FilterPart {
  const { set = {}, add = {}, remove = [] } = edits;
  const writes = [...byName(Object.entries(set), 'set-header'), ...byName(Object.entries(add), 'add-header')];
  if (remove.length + writes.length > mostEdits) return { problem: `it edits more than ${mostEdits} headers` };
  for (const name of [...remove, ...writes.map((write) => write.name)]) {
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
  return {
    rules: [
      ...remove.toSorted().map((name) => ({ action: `${stage} del-header ${name}` })),
      ...writes.map(({ keyword, name, value }) => ({
        action: `${stage} ${keyword} ${name} ${safe.quotedLogFormat(value)}`,
      })),
    ],
  };
}

function byName(
  entries: readonly [name: string, value: string][],
  keyword: string,
): readonly { readonly keyword: string; readonly name: string; readonly value: string }[] {
  return entries
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => ({ keyword, name, value }));
}
