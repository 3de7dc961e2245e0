import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, createAuthority, putFile } from '@signalbox/testkit/tls';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Certificate } from './certificate.ts';
import { type CertificateStore, createCertificateStore } from './certificate-store.ts';
import { readCertificateCopies } from './read-copies.ts';

const { signal } = new AbortController();

let authority: Authority;
let directory: string;
/** What the proxy says against a certificate of this name. */
let words: Map<string, string>;
let checked: string[];
let store: CertificateStore;
beforeAll(async () => {
  authority = await createAuthority();
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificate-store-'));
  words = new Map();
  checked = [];
  store = createStore();
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const folder = (): string => join(directory, 'folder');
const copies = (): string => join(directory, 'copies');
const pathOf = (name: string): string => join(folder(), `${name}.pem`);
const hashOf = (name: string): string | undefined => store.certificates.get(name)?.contentHash;

function createStore(): CertificateStore {
  return createCertificateStore({
    directory: folder(),
    proxy: 'the proxy',
    readCopies: () => readCertificateCopies(copies()),
    async check(certificates: readonly Certificate[]) {
      checked.push(...certificates.map(({ name }) => name));
      return words;
    },
  });
}

async function certify(name: string, into = pathOf(name)): Promise<void> {
  await putFile(into, (await authority.issue([`${name}.test`])).pem);
}

it('has what is good by name, and asks the proxy once for each version', async () => {
  await certify('shop');
  await certify('api');
  await store.refresh(signal);
  expect([...store.certificates.keys()]).toEqual(['api', 'shop']);
  expect(store.certificates.get('shop')).toMatchObject({ source: pathOf('shop'), hostnames: ['shop.test'] });
  const { certificates, names } = store;
  await store.refresh(signal);
  expect(store.certificates).toBe(certificates);
  expect(checked).toEqual(['api', 'shop']);
  await certify('shop');
  await store.refresh(signal);
  expect(store.certificates).not.toBe(certificates);
  expect(store.names).toBe(names);
  expect(checked).toEqual(['api', 'shop', 'shop']);
  expect(store.problems).toEqual([]);
});

it('keeps the last good version of a file that is bad, and says so', async () => {
  await certify('shop');
  await store.refresh(signal);
  const good = hashOf('shop');
  await putFile(pathOf('shop'), 'nonsense');
  await store.refresh(signal);
  expect(hashOf('shop')).toBe(good);
  expect(store.problems).toEqual([
    `the certificate "${pathOf('shop')}" was left out: it has no private key; its last good version stays in force`,
  ]);
  await rm(pathOf('shop'));
  await certify('other');
  await store.refresh(signal);
  expect([...store.certificates.keys()]).toEqual(['other']);
});

it('leaves out what the proxy refuses, and takes it again when it changes', async () => {
  words.set('shop', 'key too small');
  await certify('shop');
  await store.refresh(signal);
  expect(store.certificates.size).toBe(0);
  expect(store.problems[0]).toMatch(/was left out: the proxy refuses it: key too small$/);
  words.clear();
  await certify('shop');
  await store.refresh(signal);
  expect(store.certificates.size).toBe(1);
});

it('goes back to the version before when the proxy refuses one at runtime', async () => {
  await certify('shop');
  await store.refresh(signal);
  const good = hashOf('shop');
  await certify('shop');
  await store.refresh(signal);
  const next = store.certificates.get('shop');
  expect(next?.contentHash).not.toBe(good);
  if (next !== undefined) store.refuse(next, 'no room');
  expect(hashOf('shop')).toBe(good);
  await store.refresh(signal);
  expect(hashOf('shop')).toBe(good);
  expect(store.problems[0]).toContain('the proxy refuses it: no room');
});

it('begins with the copies of an earlier run, and takes none away because the folder is empty or gone', async () => {
  await certify('shop', join(copies(), 'shop.pem'));
  await putFile(join(copies(), 'broken.pem'), 'nonsense');
  await store.refresh(signal);
  expect([...store.certificates.keys()]).toEqual(['shop']);
  expect(store.problems).toEqual([expect.stringContaining('cannot be read (ENOENT): those in force stay')]);
  await certify('gone');
  await store.refresh(signal);
  await rm(pathOf('gone'));
  await store.refresh(signal);
  expect([...store.certificates.keys()]).toEqual(['gone']);
  expect(store.problems).toEqual([expect.stringMatching(/ is empty: those in force stay$/)]);
});

it('sees a change once it is quiet', async () => {
  await certify('shop');
  expect(await store.hasChanged()).toBe(false);
  await store.refresh(signal);
  await expect.poll(() => store.hasChanged()).toBe(false);
  await certify('shop', join(directory, 'new.pem'));
  await rename(join(directory, 'new.pem'), pathOf('shop'));
  await expect.poll(() => store.hasChanged(), { timeout: 10_000 }).toBe(true);
  await store.refresh(signal);
  await expect.poll(() => store.hasChanged()).toBe(false);
});
