import { dirname, resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';

/** The files that each pattern means at this moment, as absolute paths. A plain path is a file that has to be there. */
export async function findFiles(patterns: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const pattern of patterns) {
    const paths = isDynamicPattern(pattern) ? await glob(pattern, { absolute: true }) : [pattern];
    found.set(
      pattern,
      paths.map((path) => resolve(path)),
    );
  }
  return found;
}

/** The folder in which new files of a pattern may appear, or in which the file is replaced. */
export function folderOf(pattern: string): string {
  if (!isDynamicPattern(pattern)) return dirname(resolve(pattern));
  const segments = pattern.split('/');
  const firstDynamic = segments.findIndex((segment) => isDynamicPattern(segment));
  return resolve(segments.slice(0, firstDynamic).join('/') || (pattern.startsWith('/') ? '/' : '.'));
}
