import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFileSet } from '@signalbox/sink-kit';

export async function writeFiles(files: ReadonlyMap<string, string>): Promise<void> {
  for (const folder of new Set([...files.keys()].map(dirname))) await mkdir(folder, { recursive: true });
  // Nobody else reads the snapshot, which holds the hashes of passwords.
  await writeFileSet(
    [...files].map(([path, content]) => ({ path, content, ...(path.endsWith('.json') && { mode: 0o600 }) })),
  );
}
