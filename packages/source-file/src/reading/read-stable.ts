import type { BigIntStats } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { delay } from '@signalbox/core';

/** Larger files are no list of services, but a mistake. */
const maxBytes = 64 * 1024 * 1024;
/** A file that was written a moment ago may be half a file. */
const quietMs = 100;
const longestWaitMs = 2_000;

/** Names one state of one file. */
export function stampOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino}-${size}-${mtimeNs}`;
}

export interface FileContent {
  readonly text: string;
  readonly stamp: string;
}

/**
 * Reads a file that nobody is writing: its time of change is a moment ago, and the same before and after. YAML that was cut between two lines
 * cannot be told from a smaller file in any other way.
 * @throws what the file system says, and for a file that does not come to rest or is too large.
 */
export async function readStable(path: string, signal: AbortSignal, now = Date.now): Promise<FileContent> {
  const endAtMs = performance.now() + longestWaitMs;
  for (;;) {
    const before = await stat(path, { bigint: true });
    if (!before.isFile()) throw new Error('this is not a file');
    if (before.size > maxBytes) throw new Error(`it has ${before.size} bytes, more than ${maxBytes}`);
    const ageMs = now() - Number(before.mtimeNs / 1_000_000n);
    // A time of change in the future is another machine's clock.
    if (ageMs >= quietMs || ageMs < 0) {
      const text = await readFile(path, { encoding: 'utf8', signal });
      const after = await stat(path, { bigint: true });
      if (stampOf(after) === stampOf(before)) return { text, stamp: stampOf(after) };
    }
    if (performance.now() > endAtMs) throw new Error('it is being written all the time');
    await delay(quietMs / 2, signal);
  }
}
