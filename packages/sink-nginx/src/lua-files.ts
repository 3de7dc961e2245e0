import { readdirSync, readFileSync } from 'node:fs';

/** Beside `src` and `dist`. */
const folder = new URL('../lua/signalbox/', import.meta.url);

let files: ReadonlyMap<string, string> | undefined;

/**
 * The Lua code by file name. It is copied into the run directory, so that no update of this package touches an nginx that runs, and workers need no
 * access to where packages are.
 */
export function readLuaFiles(): ReadonlyMap<string, string> {
  files ??= new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.lua'))
      .sort()
      .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
  );
  return files;
}
