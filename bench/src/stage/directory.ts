import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Directory extends AsyncDisposable {
  readonly path: string;
}

/** A folder that goes with the measurement. Short, because the path of a unix socket below it may have 107 bytes at most. */
export async function createDirectory(): Promise<Directory> {
  const path = await mkdtemp(join(tmpdir(), 'sb-bench-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
}
