import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileSet } from '@signalbox/sink-kit';
import { isSecret } from '../render/files.ts';

export async function writeFiles(files: ReadonlyMap<string, string>): Promise<void> {
  for (const folder of new Set([...files.keys()].map(dirname))) await mkdir(folder, { recursive: true });
  await writeFileSet([...files].map(([path, content]) => ({ path, content, ...(isSecret(path) && { mode: 0o600 }) })));
}
