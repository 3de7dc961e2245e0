import { execFile } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Catalog, Plan, Sink } from '@signalbox/core';
import { putFile, shakeHands } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

const run = promisify(execFile);

let bench: TlsBench;
let sink: Sink;
let catalog: Catalog;
let serial: string;
beforeEach(async () => {
  bench = await createTlsBench();
  sink = bench.createSink();
  catalog = bench.catalog();
  await bench.certify('a-default', ['default.test']);
  ({ serial } = await bench.certify('shop'));
});
afterEach(() => bench.close());

const apply = (): Promise<Plan> => sync(sink, catalog, bench);
const serialOf = async (servername: string): Promise<string> =>
  (await shakeHands(bench.tlsPort, { servername })).serial;

describe('a file that is no good is named, its last good version stays, the others go on', () => {
  const cases: Record<string, { write: (path: string) => Promise<unknown>; words: string }> = {
    'half a file': {
      write: async (path) => putFile(path, (await bench.authority.issue(['shop'])).pem.slice(0, -60)),
      words: 'it is cut short',
    },
    'an empty file': { write: (path) => putFile(path, ''), words: 'it has no private key' },
    'no certificate at all': { write: (path) => putFile(path, '\0'.repeat(5_000)), words: 'it has no private key' },
    'the key of another': {
      write: async (path) => {
        const [one, two] = [await bench.authority.issue(['shop']), await bench.authority.issue(['shop'])];
        await putFile(path, one.certificate + two.key);
      },
      words: 'its private key does not fit its certificate',
    },
    'an expired one': {
      write: async (path) => putFile(path, (await bench.authority.issue(['shop'], { fromDays: -9, toDays: -2 })).pem),
      words: 'it expired on',
    },
    'one of the future': {
      write: async (path) => putFile(path, (await bench.authority.issue(['shop'], { fromDays: 2 })).pem),
      words: 'it is not valid before',
    },
    'a key too short for HAProxy': {
      write: async (path) => putFile(path, (await bench.authority.issue(['shop'], { kind: 'weak' })).pem),
      words: 'HAProxy refuses it',
    },
    'a huge file': { write: (path) => putFile(path, 'x'.repeat(300_000)), words: 'it is larger than' },
    'a folder': {
      write: async (path) => {
        await rm(path);
        await mkdir(path);
      },
      words: 'it is not a file',
    },
    'a pipe': {
      write: async (path) => {
        await rm(path);
        await run('mkfifo', [path]);
      },
      words: 'it is not a file',
    },
    'a link to nowhere': {
      write: async (path) => {
        await rm(path);
        await symlink('/nowhere/at/all', path);
      },
      words: 'it cannot be read (ENOENT)',
    },
  };
  for (const [name, { write, words }] of Object.entries(cases)) {
    it(name, async () => {
      await apply();
      await write(join(bench.folder, 'shop.pem'));
      const other = await bench.certify('other.test');
      const plan = await apply();
      expect(plan.warnings.map(({ message }) => message)).toEqual([
        expect.stringMatching(/^the certificate ".*shop\.pem" was left out: .*; its last good version stays in force$/),
      ]);
      expect(plan.warnings[0]?.message).toContain(words);
      expect(await serialOf('shop')).toBe(serial);
      expect(await serialOf('other.test')).toBe(other.serial);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
      // Also for the next Signalbox, which never saw the good one.
      await sink[Symbol.asyncDispose]?.();
      const next = bench.createSink();
      expect((await next.plan(catalog, bench.context)).changes).toEqual([]);
      expect(await serialOf('shop')).toBe(serial);
    });
  }
});

it('an encrypted key is named', async () => {
  const { certificate, key } = await bench.authority.issue(['locked.test']);
  const encrypted = createPrivateKey(key).export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  });
  await putFile(join(bench.folder, 'locked.pem'), `${certificate}${encrypted}`);
  const { warnings } = await apply();
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('its private key is encrypted')]);
});

it('hostile names of files are named, and nothing else of them gets anywhere', async () => {
  const { pem } = await bench.authority.issue(['evil.test']);
  for (const name of ['a b.pem', 'x\ny.pem', '*.pem', "it's.pem", 'a;b.pem', '#c.pem', '$HOME.pem']) {
    await putFile(join(bench.folder, name), pem);
  }
  const { warnings } = await apply();
  expect(warnings).toHaveLength(7);
  for (const { message } of warnings) {
    expect(message).toContain('its name has characters other than');
    expect(message).not.toContain('\n');
  }
  expect(await serialOf('evil.test')).not.toBe(serial);
});

it('pairs are read as certbot, Kubernetes and others write them; what else lies there is left alone', async () => {
  const issue = (name: string) => bench.authority.issue([name]);
  const [certbot, kubernetes, pair] = [await issue('certbot.test'), await issue('kube.test'), await issue('pair.test')];
  const archive = join(bench.directory, 'archive');
  await putFile(join(archive, 'fullchain1.pem'), certbot.certificate + bench.authority.certificate);
  await putFile(join(archive, 'privkey1.pem'), certbot.key);
  await mkdir(join(bench.folder, 'certbot.test'));
  await symlink(join(archive, 'fullchain1.pem'), join(bench.folder, 'certbot.test', 'fullchain.pem'));
  await symlink(join(archive, 'privkey1.pem'), join(bench.folder, 'certbot.test', 'privkey.pem'));
  await putFile(join(bench.folder, 'kube', 'tls.crt'), kubernetes.certificate);
  await putFile(join(bench.folder, 'kube', 'tls.key'), kubernetes.key);
  await putFile(join(bench.folder, 'pair.crt'), pair.certificate);
  await putFile(join(bench.folder, 'pair.key'), pair.key);
  for (const name of ['README', '.hidden.pem', 'notes/README']) await putFile(join(bench.folder, name), 'words');
  expect((await apply()).warnings).toEqual([]);
  expect(await serialOf('certbot.test')).toBe(certbot.serial);
  expect(await serialOf('kube.test')).toBe(kubernetes.serial);
  expect(await serialOf('pair.test')).toBe(pair.serial);

  const renewed = await issue('certbot.test');
  await putFile(join(archive, 'fullchain2.pem'), renewed.certificate);
  await putFile(join(archive, 'privkey2.pem'), renewed.key);
  for (const name of ['fullchain', 'privkey']) {
    await symlink(join(archive, `${name}2.pem`), join(bench.folder, 'certbot.test', 'new'));
    await rename(join(bench.folder, 'certbot.test', 'new'), join(bench.folder, 'certbot.test', `${name}.pem`));
  }
  const plan = await apply();
  expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
  expect(await serialOf('certbot.test')).toBe(renewed.serial);
});

it('a folder that is empty or gone takes nothing out of force', async () => {
  await apply();
  for (const name of ['a-default.pem', 'shop.pem']) await rm(join(bench.folder, name));
  expect((await apply()).warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^the folder of certificates ".*" is empty: those in force stay$/),
  ]);
  await rm(bench.folder, { recursive: true });
  const plan = await apply();
  expect(plan.changes).toEqual([]);
  expect(plan.warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^the folder of certificates ".*" cannot be read \(ENOENT\): those in force stay$/),
  ]);
  expect(await serialOf('shop')).toBe(serial);
});

it('without any certificate no handshake succeeds, everything else goes on, and the first one needs a reload', async () => {
  for (const name of ['a-default.pem', 'shop.pem']) await rm(join(bench.folder, name));
  await apply();
  await expect(shakeHands(bench.tlsPort, { servername: 'shop' })).rejects.toThrow();
  const { serial: first } = await bench.certify('shop');
  const plan = await apply();
  expect(plan.changes.some(({ action }) => action === 'reload')).toBe(true);
  expect(await serialOf('shop')).toBe(first);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});
