import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes a HAProxy whose check can be steered: it refuses every file with the word, and while `<directory>/refuse` exists every file; while
 * `<directory>/wave-through` exists it takes every file unread. Gives the path of the program.
 */
export async function makeStrictHaproxy(directory: string, word: string): Promise<string> {
  const path = join(directory, 'strict-haproxy');
  const script = [
    '#!/bin/sh',
    'if [ "$1" = "-c" ]; then',
    `  [ -e '${directory}/wave-through' ] && exit 0`,
    '  for file; do :; done',
    `  if [ -e '${directory}/refuse' ] || grep -q '${word}' "$file"; then`,
    '    echo "[ALERT]    (1) : config : no such thing" >&2; exit 1',
    '  fi',
    'fi',
    'exec haproxy "$@"',
  ];
  await writeFile(path, `${script.join('\n')}\n`);
  await chmod(path, 0o755);
  return path;
}
