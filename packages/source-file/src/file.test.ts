import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isPipelineError, type Snapshot, silentLogger } from '@signalbox/core';
import { expect, onTestFinished, test } from 'vitest';
import { file } from './file.ts';

const shop = 'services: [{ name: shop, endpoints: [10.0.0.1:80, 10.0.0.2:80] }]\n';
const cart = 'services: [{ name: cart, endpoints: [10.0.0.3:80] }]\n';

function createFolder(files: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-file-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (name: string, text: string): void => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { folder, write, remove: (name: string) => rmSync(join(folder, name), { recursive: true }) };
}

function start(...files: string[]) {
  const source = file({ files, intervalMs: 20 });
  const watch = () => {
    const controller = new AbortController();
    onTestFinished(() => controller.abort());
    const updates = source.watch({ id: 'files', signal: controller.signal, logger: silentLogger });
    const iterator = updates[Symbol.asyncIterator]() as AsyncIterator<Snapshot>;
    return async () => describe((await iterator.next()).value);
  };
  return { source, watch };
}

function describe({ services, intended = new Set(), warnings = [] }: Snapshot) {
  return {
    services: Object.fromEntries([...services].map(({ name, endpoints }) => [name, endpoints.length])),
    intended: [...intended],
    warnings: warnings.map(({ message }) => message.replace(/[^"\s]*\/signalbox-file-\w+/g, '<folder>')),
  };
}

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!isPipelineError(error)) throw new Error('expected an error of ours', { cause: error });
  return { code: error.code, message: error.message.replace(/[^"\s]*\/signalbox-file-\w+/g, '<folder>') };
}

test('the services of all files, and what an edit takes out is meant so', async () => {
  const { folder, write } = createFolder({ 'a.yaml': shop, 'b.yaml': cart });
  const next = start(join(folder, '*.yaml')).watch();
  expect(await next()).toEqual({ services: { cart: 1, shop: 2 }, intended: [], warnings: [] });
  write('a.yaml', 'services: []\n');
  expect(await next()).toEqual({ services: { cart: 1 }, intended: ['files:cart#0', 'files:shop#0'], warnings: [] });
});

test('a file that comes or goes; its loss is left to the guards', async () => {
  const { folder, write, remove } = createFolder({ 'a.yaml': shop });
  const next = start(join(folder, '*.yaml')).watch();
  expect((await next()).services).toEqual({ shop: 2 });
  write('b.yaml', cart);
  expect((await next()).services).toEqual({ cart: 1, shop: 2 });
  remove('a.yaml');
  expect(await next()).toEqual({ services: { cart: 1 }, intended: ['files:cart#0'], warnings: [] });
});

test('one bad file of several is told and counts as it was, and the others go on', async () => {
  const { folder, write } = createFolder({ 'a.yaml': shop, 'b.yaml': cart });
  const next = start(join(folder, '*.yaml')).watch();
  await next();
  write('a.yaml', 'services:\n  - name: shop\n    endpoints: [10.0.0.1]\n');
  expect(await next()).toMatchObject({
    services: { cart: 1, shop: 2 },
    warnings: [
      '<folder>/a.yaml:3:17: services[0].endpoints[0]: "10.0.0.1" is not address:port; its services stay as they were',
    ],
  });
  write('b.yaml', 'services: [{ name: cart, endpoints: [10.0.0.3:80, 10.0.0.4:80] }]\n');
  expect((await next()).services).toEqual({ cart: 2, shop: 2 });
  write('a.yaml', shop);
  expect((await next()).warnings).toEqual([]);
});

test('a bad file that comes later is no reason to stop', async () => {
  const { folder, write } = createFolder({ 'a.yaml': shop });
  const next = start(join(folder, '*.yaml')).watch();
  await next();
  write('b.yaml', 'half: [');
  const { services, warnings } = await next();
  expect(services).toEqual({ shop: 2 });
  expect(warnings[0]).toMatch(/^<folder>\/b\.yaml:1:\d+: .*; nothing is known of its services$/);
});

test('a bad file at the start is an error, since nobody knows what it held', async () => {
  const { folder, write } = createFolder({ 'a.yaml': shop, 'b.yaml': '[' });
  const { source, watch } = start(join(folder, '*.yaml'));
  expect(await failureOf(watch()())).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
  const context = { id: 'files', signal: new AbortController().signal, logger: silentLogger };
  expect(await failureOf(source.probe?.(context) ?? Promise.resolve())).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
  write('b.yaml', cart);
  expect((await watch()()).services).toEqual({ cart: 1, shop: 2 });
  await source.probe?.(context);
});

test('a folder that is not mounted any more removes nothing', async () => {
  const { folder, write, remove } = createFolder({ 'mounted/a.yaml': shop, 'b.yaml': cart });
  const { watch } = start(join(folder, 'mounted/*.yaml'), join(folder, 'b.yaml'));
  const next = watch();
  await next();
  remove('mounted');
  const { services, warnings } = await next();
  expect(services).toEqual({ cart: 1, shop: 2 });
  expect(warnings[0]).toContain('reading <folder>/mounted/a.yaml: ENOENT');
  write('mounted/a.yaml', cart);
  expect((await next()).services).toEqual({ cart: 1 });
});

test('patterns without any file are an error with its name', async () => {
  const { folder } = createFolder();
  expect(await failureOf(start(join(folder, '*.yaml')).watch()())).toEqual({
    code: 'SOURCE_UNREACHABLE',
    message: 'no file matches "<folder>/*.yaml"',
  });
});
