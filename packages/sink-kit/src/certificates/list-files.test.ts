import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listCertificateFiles } from './list-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certificates-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const at = (name: string): string => join(directory, name);
async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), name);
  }
}
async function list() {
  const { files, problems, signature } = await listCertificateFiles(directory);
  const short = (path: string | undefined): string | undefined => path?.slice(directory.length + 1);
  return {
    files: files.map(({ name, chainPath, keyPath }) => [name, short(chainPath), short(keyPath)]),
    problems: problems.map(({ source, problem }) => [short(source), problem]),
    signature,
  };
}

it('finds the forms that certbot, Kubernetes and people use, and leaves everything else alone', async () => {
  await put('b.pem', 'c.pem', 'c.key', 'a.crt', 'a.key', 'certbot/fullchain.pem', 'certbot/privkey.pem');
  await put('secret/tls.crt', 'secret/tls.key', 'README', 'x.pem.bak', '.hidden.pem', 'empty/other.txt');
  const { files, problems } = await list();
  expect(files).toEqual([
    ['a', 'a.crt', 'a.key'],
    ['b', 'b.pem', undefined],
    ['c', 'c.pem', 'c.key'],
    ['certbot', 'certbot/fullchain.pem', 'certbot/privkey.pem'],
    ['secret', 'secret/tls.crt', 'secret/tls.key'],
  ]);
  expect(problems).toEqual([]);
});

it('names what is half there, twice there or has a name that nobody can use', async () => {
  await put('alone.key', 'half/tls.crt', 'twice.crt', 'twice.pem', 'with space.pem', 'line\nfeed.pem', '-option.pem');
  const { files, problems } = await list();
  // Reading says what the other half lacks, and the last good version stays.
  expect(files.map(([name]) => name)).toEqual(['half', 'twice']);
  const unusable = 'its name has characters other than letters, digits and ._-';
  expect(problems).toEqual([
    ['-option.pem', unusable],
    ['alone.key', 'there is no certificate beside this key'],
    ['line\nfeed.pem', unusable],
    ['twice.pem', 'another file is the certificate twice'],
    ['with space.pem', unusable],
  ]);
});

it('changes its signature when a file does, also behind a link, and not otherwise', async () => {
  await put('archive/one.pem', 'archive/two.pem');
  await symlink(at('archive/one.pem'), at('live.pem'));
  const before = (await list()).signature;
  expect((await list()).signature).toBe(before);
  // As certbot renews: the link leads elsewhere, in one step.
  await symlink(at('archive/two.pem'), at('live.new'));
  await rename(at('live.new'), at('live.pem'));
  const relinked = (await list()).signature;
  expect(relinked).not.toBe(before);
  await writeFile(at('archive/two.pem'), 'rewritten in place');
  expect((await list()).signature).not.toBe(relinked);
});

it('still knows the name of a link that leads nowhere, and throws for a folder that is gone', async () => {
  await put('archive/one.pem');
  await symlink(at('archive/one.pem'), at('live.pem'));
  await unlink(at('archive/one.pem'));
  expect((await list()).files).toEqual([['live', 'live.pem', undefined]]);
  await expect(listCertificateFiles(at('gone'))).rejects.toMatchObject({ code: 'ENOENT' });
});
