import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Snapshot, silentLogger } from '@signalbox/core';
import { expect, onTestFinished, test } from 'vitest';
import { file } from './file.ts';

/** So long that only the system's notices can tell of a change within the time of a test. */
const intervalMs = 600_000;

const withPort = (port: number): string => `services: [{ name: shop, endpoints: [10.0.0.1:${port}] }]\n`;

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-saves-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Each call waits for the next set, and gives its endpoints. */
function watch(pattern: string): () => Promise<readonly string[]> {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const context = { id: 'files', signal: controller.signal, logger: silentLogger };
  const updates = file({ files: [pattern], intervalMs })
    .watch(context)
    [Symbol.asyncIterator]() as AsyncIterator<Snapshot>;
  return async () => {
    const { services } = (await updates.next()).value as Snapshot;
    return [...services].flatMap(({ endpoints }) => endpoints.map(({ id }) => id));
  };
}

/** As the kubelet updates a mounted ConfigMap: the files are links through `..data`, which is replaced as a whole. */
function mountConfigMap(folder: string, version: number, text: string): void {
  mkdirSync(join(folder, `..version-${version}`));
  writeFileSync(join(folder, `..version-${version}`, 'shop.yaml'), text);
  symlinkSync(`..version-${version}`, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
  if (version === 1) symlinkSync('..data/shop.yaml', join(folder, 'shop.yaml'));
}

test('a mounted ConfigMap that is replaced', async () => {
  const folder = createFolder();
  mountConfigMap(folder, 1, withPort(1));
  const next = watch(join(folder, '*.yaml'));
  expect(await next()).toEqual(['10.0.0.1:1']);
  mountConfigMap(folder, 2, withPort(2));
  expect(await next()).toEqual(['10.0.0.1:2']);
});

test('a file that is changed behind a symbolic link, in a folder that no pattern names', async () => {
  const folder = createFolder();
  const elsewhere = createFolder();
  writeFileSync(join(elsewhere, 'shop.yaml'), withPort(1));
  symlinkSync(join(elsewhere, 'shop.yaml'), join(folder, 'shop.yaml'));
  const next = watch(join(folder, 'shop.yaml'));
  expect(await next()).toEqual(['10.0.0.1:1']);
  writeFileSync(join(elsewhere, 'shop.yaml'), withPort(2));
  expect(await next()).toEqual(['10.0.0.1:2']);
});

test('a file in a folder below the one where a pattern begins', async () => {
  const folder = createFolder();
  mkdirSync(join(folder, 'team'));
  writeFileSync(join(folder, 'team', 'shop.yaml'), withPort(1));
  const next = watch(join(folder, '**', '*.yaml'));
  expect(await next()).toEqual(['10.0.0.1:1']);
  writeFileSync(join(folder, 'team', 'shop.yaml'), withPort(2));
  expect(await next()).toEqual(['10.0.0.1:2']);
});

test('an editor that renames the old file away before it writes the new one removes nothing', async () => {
  const folder = createFolder();
  const path = join(folder, 'shop.yaml');
  writeFileSync(path, withPort(1));
  const next = watch(join(folder, '*.yaml'));
  expect(await next()).toEqual(['10.0.0.1:1']);
  const changed = next();
  renameSync(path, `${path}~`);
  await sleep(100);
  writeFileSync(path, withPort(2));
  expect(await changed).toEqual(['10.0.0.1:2']);
});
