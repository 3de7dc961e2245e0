import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createAuthority, type Issued } from '@signalbox/testkit/tls';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readCertificate } from './read-certificate.ts';

let issued: Issued;
let directory: string;
beforeAll(async () => {
  issued = await (await createAuthority()).issue(['shop.example.com']);
});
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificate-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (name: string): string => join(directory, name);
const read = (chain: string, key?: string) =>
  readCertificate({ name: 'shop', chainPath: at(chain), keyPath: key === undefined ? undefined : at(key) });

it('takes the key from a file of its own, unless the first one has it', async () => {
  await writeFile(at('a.crt'), issued.certificate);
  await writeFile(at('a.key'), issued.key);
  await writeFile(at('b.pem'), issued.pem);
  await writeFile(at('b.key'), 'of another time');
  expect(await read('a.crt', 'a.key')).toMatchObject({ hostnames: ['shop.example.com'] });
  expect(await read('b.pem', 'b.key')).toMatchObject({ hostnames: ['shop.example.com'] });
});

it('says which of two files cannot be read', async () => {
  await writeFile(at('a.crt'), issued.certificate);
  expect(await read('none')).toEqual({ problem: 'it cannot be read (ENOENT)' });
  expect(await read('a.crt', 'none')).toEqual({ problem: 'its private key: it cannot be read (ENOENT)' });
});

it('does not wait for a pipe, read a folder, follow a circle or take what is far too large', async () => {
  await promisify(execFile)('mkfifo', [at('pipe')]);
  await mkdir(at('folder'));
  await symlink(at('circle'), at('circle'));
  await writeFile(at('large'), `${issued.pem}${' '.repeat(262_144)}`);
  expect(await read('pipe')).toEqual({ problem: 'it is not a file' });
  expect(await read('folder')).toEqual({ problem: 'it is not a file' });
  expect(await read('circle')).toEqual({ problem: 'it cannot be read (ELOOP)' });
  expect(await read('large')).toEqual({ problem: 'it is larger than 262144 bytes' });
});
