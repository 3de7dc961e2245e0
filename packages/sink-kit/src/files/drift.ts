import { hashFile } from './hash.ts';

export interface FileDrift {
  readonly path: string;
  readonly kind: 'changed' | 'missing';
}

/** Compares files with the sha256 of what was written there, by path. Empty when nobody else touched them. */
export async function findDrift(written: ReadonlyMap<string, string>): Promise<readonly FileDrift[]> {
  const drifts: FileDrift[] = [];
  for (const [path, hash] of written) {
    const actual = await hashFile(path);
    if (actual !== hash) drifts.push({ path, kind: actual === undefined ? 'missing' : 'changed' });
  }
  return drifts;
}
