import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { delay } from '@signalbox/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findDrift, type SeenFiles } from '../src/files/drift.ts';
import { hashFile, sha256 } from '../src/files/hash.ts';

vi.mock('../src/files/hash.ts', async (importOriginal) => {
  const original = await importOriginal<typeof import('../src/files/hash.ts')>();
  return { ...original, hashFile: vi.fn(original.hashFile) };
});

let folder: string;
let path: string;
let written: Map<string, string>;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drift-'));
  path = join(folder, 'file');
  await writeFile(path, 'ours');
  written = new Map([[path, sha256('ours')]]);
  // Until it is no longer young.
  await delay(1_100);
  vi.mocked(hashFile).mockClear();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('a file that nobody touched is read once', async () => {
  const seen: SeenFiles = new Map();
  for (let round = 0; round < 3; round += 1) expect(await findDrift(written, seen)).toEqual([]);
  expect(hashFile).toHaveBeenCalledTimes(1);
  await findDrift(written);
  expect(hashFile).toHaveBeenCalledTimes(2);
});

test('another content of the same size and age is found', async () => {
  const seen: SeenFiles = new Map();
  const before = new Date(Date.now() - 60_000);
  await utimes(path, before, before);
  await delay(1_100);
  expect(await findDrift(written, seen)).toEqual([]);
  await writeFile(path, 'hers');
  await utimes(path, before, before);
  for (let round = 0; round < 2; round += 1)
    expect(await findDrift(written, seen)).toEqual([{ path, kind: 'changed' }]);
  await rm(path);
  expect(await findDrift(written, seen)).toEqual([{ path, kind: 'missing' }]);
});

test('a file that was only touched is read again, and in order', async () => {
  const seen: SeenFiles = new Map();
  await findDrift(written, seen);
  await utimes(path, new Date(), new Date());
  expect(await findDrift(written, seen)).toEqual([]);
  expect(hashFile).toHaveBeenCalledTimes(2);
});

test('a file that was written a moment ago is read each time', async () => {
  const seen: SeenFiles = new Map();
  await writeFile(path, 'ours');
  await findDrift(written, seen);
  await findDrift(written, seen);
  expect(hashFile).toHaveBeenCalledTimes(2);
});

test('what others are to find there by now is compared anew', async () => {
  const seen: SeenFiles = new Map();
  await findDrift(written, seen);
  expect(await findDrift(new Map([[path, sha256('newer')]]), seen)).toEqual([{ path, kind: 'changed' }]);
});
