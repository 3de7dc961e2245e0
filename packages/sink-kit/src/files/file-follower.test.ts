import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileFollower } from './file-follower.ts';
import { writeFileSet } from './write-file-set.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-follower-'));
  path = join(folder, 'proxy.cfg');
});
afterEach(() => rm(folder, { recursive: true }));

const read = (): Promise<string> => readFile(path, 'utf8');
const write = (files: ReadonlyMap<string, string>) =>
  writeFileSet([...files].map(([file, content]) => ({ path: file, content })));
const filesWith = (text: string) => () => new Map([[path, text]]);

test('many changes are one write, of the newest, rendered only then', async () => {
  let writes = 0;
  let renderings = 0;
  const follower = createFileFollower({
    guardedPath: path,
    write: (files) => {
      writes += 1;
      return write(files);
    },
  });
  for (const text of ['1', '2', '3']) {
    follower.follow(() => {
      renderings += 1;
      return filesWith(text)();
    });
  }
  expect(follower.pending).toBe(true);
  await expect.poll(() => follower.pending, { timeout: 5_000 }).toBe(false);
  expect({ text: await read(), writes, renderings }).toEqual({ text: '3', writes: 1, renderings: 1 });
});

test('what others wrote stays, unless it is meant to be overwritten', async () => {
  const follower = createFileFollower({ guardedPath: path, write });
  follower.follow(filesWith('ours'));
  await follower.flush();
  await writeFile(path, 'by hand');
  follower.follow(filesWith('newer'));
  await follower.flush();
  expect(await read()).toBe('by hand');
  follower.follow(filesWith('newest'));
  await follower.flush(true);
  expect(await read()).toBe('newest');
});

test('a write that failed is still due, and its error is kept until one works', async () => {
  let isFull = true;
  const follower = createFileFollower({
    guardedPath: path,
    write: async (files) => {
      if (isFull) throw new Error('the disk is full');
      await write(files);
    },
  });
  follower.follow(filesWith('ours'));
  await expect(follower.flush()).rejects.toThrow('the disk is full');
  expect(follower.pending).toBe(true);
  expect(follower.error).toMatchObject({ message: 'the disk is full' });
  isFull = false;
  await follower.flush();
  expect(await read()).toBe('ours');
  expect(follower.error).toBeUndefined();
});

test('after a cancel nothing is written any more', async () => {
  const follower = createFileFollower({ guardedPath: path, write });
  follower.follow(filesWith('ours'));
  await follower.cancel();
  await follower.flush();
  await expect(read()).rejects.toThrow('ENOENT');
});
