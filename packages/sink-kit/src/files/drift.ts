import { stat } from 'node:fs/promises';
import { hashFile } from './hash.ts';

export interface FileDrift {
  readonly path: string;
  readonly kind: 'changed' | 'missing';
}

/** What was found in order, by path: as long as nobody touches such a file, it is not read again. Begin with an empty one. */
export type SeenFiles = Map<string, string>;

/** Two writes within one tick of the file system's clock look like one: files younger than this are read each time. */
const youngMs = 1_000;

/**
 * Compares files with the sha256 of what was written there, by path. Empty when nobody else touched them. With `seen`, a file whose place, size
 * and times are as they were is not read; whoever must be sure leaves it out.
 */
export async function findDrift(
  written: ReadonlyMap<string, string>,
  seen: SeenFiles = new Map(),
): Promise<readonly FileDrift[]> {
  const drifts: FileDrift[] = [];
  for (const [path, hash] of written) {
    // Before the content: what changes in between looks changed the next time.
    const look = await lookAt(path);
    if (look !== undefined && seen.get(path) === `${hash} ${look.fingerprint}`) continue;
    seen.delete(path);
    const actual = await hashFile(path);
    if (actual !== hash) drifts.push({ path, kind: actual === undefined ? 'missing' : 'changed' });
    else if (look !== undefined && !look.young) seen.set(path, `${hash} ${look.fingerprint}`);
  }
  return drifts;
}

/** Undefined when there is nothing to look at; reading it says why. The change time cannot be set back, unlike the others. */
async function lookAt(path: string): Promise<{ readonly fingerprint: string; readonly young: boolean } | undefined> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs, ctimeMs } = await stat(path, { bigint: true });
    return {
      fingerprint: [dev, ino, size, mtimeNs, ctimeNs].join(' '),
      young: Date.now() - Number(ctimeMs) < youngMs,
    };
  } catch {
    return undefined;
  }
}
