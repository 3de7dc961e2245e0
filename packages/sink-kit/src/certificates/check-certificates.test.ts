import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { SinkError } from '@signalbox/core';
import { expect, it } from 'vitest';
import type { Certificate } from './certificate.ts';
import { type CertificateTrial, checkCertificates } from './check-certificates.ts';

const certificate = (name: string): Certificate => ({
  name,
  source: `/${name}`,
  hostnames: [],
  notBeforeMs: 0,
  notAfterMs: 0,
  keyType: 'ec',
  fingerprint: '',
  contentHash: name,
  readPem: () => name,
});

it('tries all together, and one by one only when there is something wrong', async () => {
  const trials: string[][] = [];
  const attempt = async ({ paths, directory }: CertificateTrial): Promise<string | undefined> => {
    const names = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    trials.push(names);
    expect((await stat(directory)).mode & 0o077).toBe(0);
    return names.some((name) => name.startsWith('bad')) ? `no ${names.join()}` : undefined;
  };
  expect(await checkCertificates([certificate('a'), certificate('b')], attempt)).toEqual(new Map());
  expect(trials).toEqual([['a', 'b']]);
  expect(await checkCertificates([certificate('bad'), certificate('b')], attempt)).toEqual(
    new Map([['bad', 'no bad']]),
  );
  expect(trials.slice(1)).toEqual([['bad', 'b'], ['bad'], ['b']]);
});

it('leaves no file behind, also when the check itself fails', async () => {
  let seen = '';
  const failure = new SinkError('the program is not there', { code: 'SINK_UNREACHABLE' });
  const attempt = async ({ directory }: CertificateTrial): Promise<string | undefined> => {
    seen = directory;
    throw failure;
  };
  await expect(checkCertificates([certificate('a')], attempt)).rejects.toBe(failure);
  expect(existsSync(seen)).toBe(false);
});
