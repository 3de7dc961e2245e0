import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { assertConfigWritable } from './assert-config-writable.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'config-'));
});
afterEach(() => rm(directory, { recursive: true }));

const assert = (...path: readonly string[]) => assertConfigWritable(join(directory, ...path), 'proxy.conf');

it('takes a file in a folder that is there, or that can be made', async () => {
  await assert('proxy.conf');
  await assert('new', 'newer', 'proxy.conf');
});

it('refuses one below something that is no folder', async () => {
  await writeFile(join(directory, 'file'), '');
  await expect(assert('file', 'proxy.conf')).rejects.toMatchObject({
    code: 'SINK_REFUSED',
    message: `the folder "${join(directory, 'file')}" of the configuration cannot be written`,
  });
  await expect(assert('file', 'new', 'proxy.conf')).rejects.toMatchObject({
    code: 'SINK_REFUSED',
    message: `the folder "${join(directory, 'file', 'new')}" of the configuration cannot be written`,
  });
});

it('refuses one that is a folder itself', async () => {
  await mkdir(join(directory, 'proxy.conf'));
  await expect(assert('proxy.conf')).rejects.toMatchObject({
    code: 'SINK_REFUSED',
    hint: expect.stringContaining('proxy.conf in that folder'),
  });
});
