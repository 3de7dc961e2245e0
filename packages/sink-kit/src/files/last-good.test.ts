import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLastGood } from './last-good.ts';

let folder: string;
let config: string;
let map: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-files-'));
  config = join(folder, 'a.cfg');
  map = join(folder, 'a.map');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('restores byte for byte, with mode, and removes what was absent', async () => {
  const lastGood = createLastGood({ directory: join(folder, 'kept') });
  const bytes = Buffer.from([0, 1, 255, 10]);
  await writeFile(config, bytes);
  await chmod(config, 0o604);
  await lastGood.save([config, map]);
  await writeFile(config, 'broken');
  await chmod(config, 0o600);
  await writeFile(map, 'new');
  expect(await lastGood.restore()).toEqual([config, map]);
  expect((await readFile(config)).equals(bytes)).toBe(true);
  expect((await stat(config)).mode & 0o777).toBe(0o604);
  await expect(stat(map)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('keeps the newest sets, and an equal one only once', async () => {
  const lastGood = createLastGood({ directory: join(folder, 'kept'), keep: 2 });
  const ids: string[] = [];
  for (const content of ['1', '2', '2', '3', '1']) {
    await writeFile(config, content);
    ids.push(await lastGood.save([config]));
  }
  expect(ids[1]).toBe(ids[2]);
  expect(await lastGood.list()).toEqual([ids[4], ids[3]]);
  await lastGood.restore(ids[3]);
  expect(await readFile(config, 'utf8')).toBe('3');
  expect(await lastGood.restore(ids[0])).toBeUndefined();
  expect(await readdir(join(folder, 'kept'))).toHaveLength(2);
});

test('nothing kept, nothing restored', async () => {
  const lastGood = createLastGood({ directory: join(folder, 'kept') });
  expect(await lastGood.list()).toEqual([]);
  expect(await lastGood.restore()).toBeUndefined();
});

test('a damaged copy throws before anything is touched', async () => {
  const lastGood = createLastGood({ directory: join(folder, 'kept') });
  await writeFile(config, 'good config');
  await writeFile(map, 'good map');
  const id = await lastGood.save([config, map]);
  await writeFile(config, 'now');
  await writeFile(join(folder, 'kept', id, '1'), 'damaged');
  await expect(lastGood.restore()).rejects.toMatchObject({ code: 'SINK_APPLY_FAILED' });
  expect(await readFile(config, 'utf8')).toBe('now');
});
