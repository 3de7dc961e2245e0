import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { service } from '@signalbox/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileLastKnownGood } from './last-known-good.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'signalbox-state-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const state = { syncedAt: 1_700_000_000_000, services: [service('/web', { endpoints: 2 })] };

test('gives back what was kept, in a file that nobody else may read', async () => {
  const store = fileLastKnownGood(join(directory, 'deep', 'state'));
  expect(await store.load('mesos')).toBeUndefined();
  await store.save('mesos', state);
  expect(await store.load('mesos')).toEqual(state);
  expect((await stat(join(directory, 'deep', 'state', 'mesos.json'))).mode & 0o777).toBe(0o600);
  expect(await readdir(join(directory, 'deep', 'state'))).toEqual(['mesos.json']);
});

test('a second write holds what changed and what did not', async () => {
  const store = fileLastKnownGood(directory);
  const [stays, goes] = [service('/stays'), service('/goes')];
  await store.save('mesos', { syncedAt: 1, services: [stays, goes] });
  const next = { syncedAt: 2, services: [service('/new', { endpoints: 3 }), stays] };
  await store.save('mesos', next);
  expect(await store.load('mesos')).toEqual(next);
  await store.save('mesos', { syncedAt: 3, services: [] });
  expect(await store.load('mesos')).toEqual({ syncedAt: 3, services: [] });
});

test('an id cannot lead out of the directory', async () => {
  await fileLastKnownGood(directory).save('../../evil', state);
  expect(await readdir(directory)).toEqual(['..%2F..%2Fevil.json']);
});

test.each([
  ['cut off', '{"version":1,"syncedAt":1,"services":[{"id"'],
  ['empty', ''],
  ['of another shape', '{"version":1,"syncedAt":1,"services":[{"id":4}]}'],
  ['of another version', '{"version":2,"syncedAt":1,"services":[]}'],
])('a file that is %s is an error, never an empty set', async (_, text) => {
  await writeFile(join(directory, 'mesos.json'), text);
  await expect(fileLastKnownGood(directory).load('mesos')).rejects.toMatchObject({ code: 'STATE_UNUSABLE' });
});

test('a directory that cannot be written to is an error with the path and advice', async () => {
  await writeFile(join(directory, 'file'), '');
  const store = fileLastKnownGood(join(directory, 'file'));
  await expect(store.save('mesos', state)).rejects.toMatchObject({ code: 'STATE_UNUSABLE', hint: expect.any(String) });
});
