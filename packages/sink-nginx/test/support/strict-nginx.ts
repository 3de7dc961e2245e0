import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes an nginx whose check can be steered: it refuses every file with the word, and while `<directory>/refuse` exists every file; while
 * `<directory>/wave-through` exists it takes every file unread. Gives the path of the program.
 */
export async function makeStrictNginx(directory: string, word: string): Promise<string> {
  const path = join(directory, 'strict-nginx');
  const script = [
    '#!/bin/sh',
    'if [ "$1" = "-t" ]; then',
    '  for file; do :; done',
    // The trial of the Lua module has nothing to do with any candidate.
    '  case "$file" in *signalbox-check-*) ;; *) exec nginx "$@" ;; esac',
    `  [ -e '${directory}/wave-through' ] && exit 0`,
    `  if [ -e '${directory}/refuse' ] || grep -q '${word}' "$file"; then`,
    '    echo "nginx: [emerg] no such thing in $file:1" >&2; exit 1',
    '  fi',
    'fi',
    'exec nginx "$@"',
  ];
  await writeFile(path, `${script.join('\n')}\n`);
  await chmod(path, 0o755);
  return path;
}
