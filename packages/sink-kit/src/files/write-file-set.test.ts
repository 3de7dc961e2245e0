import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findDrift } from './drift.ts';
import { sha256 } from './hash.ts';
import { writeFileSet } from './write-file-set.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-files-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('writes what differs and leaves the rest untouched', async () => {
  const [first, second, third] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
  await writeFile(first, 'same');
  await writeFile(second, 'old');
  const before = await stat(first);
  const files = [
    { path: third, content: Buffer.from('bytes') },
    { path: first, content: 'same' },
    { path: second, content: 'new' },
  ];
  expect(await writeFileSet(files)).toEqual({ written: [third, second], unchanged: [first] });
  expect((await stat(first)).ino).toBe(before.ino);
  expect(await readFile(second, 'utf8')).toBe('new');
  expect(await writeFileSet(files)).toEqual({ written: [], unchanged: [third, first, second] });
});

test('when one cannot be written, none is', async () => {
  const [first, second] = ['a', 'b'].map((name) => join(folder, name)) as [string, string];
  await writeFile(first, 'old');
  await mkdir(second);
  const files = [
    { path: first, content: 'new' },
    { path: second, content: 'a folder is in the way' },
  ];
  await expect(writeFileSet(files)).rejects.toMatchObject({ code: 'SINK_REFUSED' });
  expect(await readFile(first, 'utf8')).toBe('old');
  expect((await readdir(folder)).sort()).toEqual(['a', 'b']);
});

test('drift is what others changed or removed', async () => {
  const [first, second, third] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
  await writeFileSet([
    { path: first, content: '1' },
    { path: second, content: '2' },
    { path: third, content: '3' },
  ]);
  const written = new Map([
    [first, sha256('1')],
    [second, sha256('2')],
    [third, sha256('3')],
  ]);
  expect(await findDrift(written)).toEqual([]);
  await writeFile(second, 'by hand');
  await rm(third);
  expect(await findDrift(written)).toEqual([
    { path: second, kind: 'changed' },
    { path: third, kind: 'missing' },
  ]);
});
