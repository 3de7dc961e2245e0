import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type ClientAuthorityStore, createClientAuthorityStore } from './client-authority-store.ts';

const { signal } = new AbortController();
const [first, second] = [await createAuthority('First'), await createAuthority('Second')];
const contentOf = ({ certificate }: typeof first) => ({
  authorities: `${certificate.trim()}\n`,
  revocations: undefined,
});

let directory: string;
let caFile: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'authorities-'));
  caFile = join(directory, 'ca.pem');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function createStore(refusal?: string, copy?: typeof first): ClientAuthorityStore {
  return createClientAuthorityStore({
    proxy: 'the proxy',
    files: new Map([['edge', { caFile, crlFile: undefined }]]),
    readCopy: async () => copy && contentOf(copy),
    check: async ({ authorities }) => (authorities === contentOf(second).authorities ? refusal : undefined),
  });
}

it('follows the file', async () => {
  await writeFile(caFile, first.certificate);
  const store = createStore();
  expect(await store.hasChanged()).toBe(false);
  await store.refresh(signal);
  const { authorities } = store;
  expect(authorities.get('edge')).toEqual(contentOf(first));
  await store.refresh(signal);
  expect(store.authorities).toBe(authorities);
  expect(await store.hasChanged()).toBe(false);
  await writeFile(caFile, `${second.certificate}\n\n`);
  expect(await store.hasChanged()).toBe(true);
  await store.refresh(signal);
  expect(store.authorities.get('edge')).toEqual(contentOf(second));
});

it('keeps what was good when the proxy refuses the new one', async () => {
  await writeFile(caFile, first.certificate);
  const store = createStore('too short');
  await store.refresh(signal);
  await writeFile(caFile, second.certificate);
  await store.refresh(signal);
  expect(store.authorities.get('edge')).toEqual(contentOf(first));
  expect(store.problems).toEqual([expect.stringContaining('the proxy refuses it: too short; the last good ones stay')]);
});

it('begins with what an earlier run left, and with nothing where there was none', async () => {
  const [after, without] = [createStore(undefined, second), createStore()];
  await after.refresh(signal);
  await without.refresh(signal);
  expect(after.authorities.get('edge')).toEqual(contentOf(second));
  expect(without.authorities.size).toBe(0);
  expect(without.problems).toEqual([expect.stringContaining('no client is let in where they are needed')]);
});
