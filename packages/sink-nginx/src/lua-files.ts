import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

let files: ReadonlyMap<string, string> | undefined;

/**
 * The Lua code by file name. It is copied into the run directory, so that no update of this package touches an nginx that runs, and workers need no
 * access to where packages are.
 */
export function readLuaFiles(): ReadonlyMap<string, string> {
  files ??= readFolder();
  return files;
}

function readFolder(): ReadonlyMap<string, string> {
  // By the package's name, so that it is found from a bundle, too.
  const manifest = createRequire(import.meta.url).resolve('@signalbox/sink-nginx/package.json');
  const folder = join(dirname(manifest), 'lua', 'signalbox');
  const names = readdirSync(folder).filter((name) => name.endsWith('.lua'));
  return new Map(names.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
