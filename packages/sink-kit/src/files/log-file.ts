import { open, rename, stat } from 'node:fs/promises';

/** The end of the log matters; a master that says more than this during one start repeats itself. */
const maxReadBytes = 65_536;
const maxLogBytes = 1_048_576;

/** Bytes; 0 when there is none. */
export async function sizeOfLog(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What was written after `offset` (at most the last 64 KiB of it); `''` when there is no log. */
export async function readLogFrom(path: string, offset: number): Promise<string> {
  const size = await sizeOfLog(path);
  // A log that became shorter was replaced: all of it is new.
  const start = Math.max(offset > size ? 0 : offset, size - maxReadBytes);
  if (start >= size) return '';
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead).trimEnd();
  } finally {
    await handle.close();
  }
}

/** Moves a log that has grown large to `<path>.1`. Only while nobody writes to it. */
export async function rotateLog(path: string): Promise<void> {
  if ((await sizeOfLog(path)) > maxLogBytes) await rename(path, `${path}.1`);
}
