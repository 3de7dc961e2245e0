import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createFolder } from '../testing/workspace.ts';
import type { ConfigProblemsError } from './problems.ts';
import { readTextFile } from './read-text-file.ts';

async function read(bytes: Buffer): Promise<string> {
  const file = join(createFolder({}), 'signalbox.yaml');
  writeFileSync(file, bytes);
  return readTextFile(file, 'signalbox.yaml', '').catch((error: ConfigProblemsError) => {
    return error.problems.map(({ line, column, message, advice }) => `${line}:${column} ${message} = ${advice}`).join();
  });
}

const text = 'version: 1\n# Zürich \uFFFD\n';
const wide = Buffer.from(text, 'utf16le');

test.each([
  ['UTF-8', Buffer.from(text), text],
  ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${text}`), text],
  [
    'UTF-16 with a byte order mark',
    Buffer.concat([Buffer.from([0xff, 0xfe]), wide]),
    '1:1 the file is not UTF-8 text = save it as UTF-8; it looks like UTF-16',
  ],
  ['UTF-16, little end first', wide, '1:2 the file is not UTF-8 text = save it as UTF-8; it looks like UTF-16'],
  [
    'UTF-16, big end first',
    Buffer.from(wide).swap16(),
    '1:1 the file is not UTF-8 text = save it as UTF-8; it looks like UTF-16',
  ],
  ['Latin-1', Buffer.from('version: 1\n# Zürich\n', 'latin1'), '2:4 the file is not UTF-8 text = save it as UTF-8'],
  ['a NUL', Buffer.from('version: 1\0\n'), '1:11 the file holds a NUL character = take it out'],
])('%s', async (_name, bytes, expected) => {
  expect(await read(bytes)).toBe(expected);
});
