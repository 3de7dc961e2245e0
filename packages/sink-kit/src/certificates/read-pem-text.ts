import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

/** The text of a PEM file, or why there is none. */
export async function readPemText(path: string, mostBytes: number): Promise<string | { readonly problem: string }> {
  try {
    // Not to wait for the other end of a pipe that somebody put there.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return { problem: 'it is not a file' };
      if (stats.size > mostBytes) return { problem: `it is larger than ${mostBytes} bytes` };
      return await handle.readFile('latin1');
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { problem: `it cannot be read (${code})` };
  }
}
