import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, type Service, type Sink, silentLogger } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { type TemplateOptions, template } from '../src/index.ts';

const shop = service('/shop', { endpoints: [endpoint({ port: 8001 })] });
const cart = service('/cart', { endpoints: [endpoint({ port: 8002 })] });
const names = '{% for service in services %}{{ service.name }}\n{% endfor %}';

function createStage(options: Partial<TemplateOptions> = {}, file: Partial<TemplateOptions['files'][number]> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-template-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'names.txt');
  const start = (): Sink => {
    const sink = template({ files: [{ path, text: names, ...file }], ...options });
    onTestFinished(async () => sink[Symbol.asyncDispose]?.());
    return sink;
  };
  return { folder, path, start, read: () => readFileSync(path, 'utf8') };
}

function createContext() {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return { id: 'names', signal: controller.signal, logger: silentLogger };
}

let version = 0;
function catalogOf(...services: Service[]): Catalog {
  version += 1;
  return { version, services: new Map(services.map((each) => [each.id, each])) };
}

async function applyTo(sink: Sink, ...services: Service[]) {
  const plan = await sink.plan(catalogOf(...services), createContext());
  await plan.apply();
  return plan.changes.map(({ action, summary }) => `${action} ${summary}`);
}

test('mode and owner are as the options say, also when the content stays', async () => {
  const { path, start } = createStage({}, { mode: '0604', owner: '0:0' });
  const sink = start();
  expect(await applyTo(sink, shop)).toEqual(['create file with 1 lines']);
  expect(statSync(path).mode & 0o777).toBe(0o604);
  chmodSync(path, 0o600);
  expect(await applyTo(sink, shop)).toEqual(['update mode 600 becomes 604']);
  expect(statSync(path).mode & 0o777).toBe(0o604);
});

test('a change of one service is for that service', async () => {
  const sink = createStage().start();
  await applyTo(sink, shop);
  await applyTo(sink, shop);
  const plan = await sink.plan(catalogOf(shop, cart), createContext());
  expect(plan.changes).toMatchObject([{ action: 'update', summary: '1 lines added, 0 removed', services: [cart.id] }]);
});

test('an edited template is a reason to plan again, and so is a file that was changed by others', async () => {
  const { folder, path } = createStage();
  writeFileSync(join(folder, 'names.liquid'), names);
  const sink = template({ files: [{ path, template: join(folder, 'names.liquid') }] });
  onTestFinished(async () => sink[Symbol.asyncDispose]?.());
  await applyTo(sink, shop);
  await applyTo(sink, shop);
  const reasons = sink.changes?.(createContext())[Symbol.asyncIterator]() as AsyncIterator<string>;
  const first = reasons.next();
  await new Promise((resolve) => setTimeout(resolve, 200));
  writeFileSync(join(folder, 'names.liquid'), 'edited\n');
  expect((await first).value).toBe('a template changed');
  expect(await applyTo(sink, shop)).toEqual(['update 1 lines added, 1 removed']);
  const second = reasons.next();
  writeFileSync(path, 'by hand\n');
  expect((await second).value).toBe(`${path} was changed by others`);
});

test('a crash between the files and the reload leaves the reload to be done', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-reload-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { start, folder: target } = createStage({ reload: { command: ['touch', join(folder, 'reloaded')] } });
  await applyTo(start(), shop);
  rmSync(join(folder, 'reloaded'));
  const run = join(target, '.signalbox-names.txt');
  expect(readdirSync(run)).toEqual(expect.not.arrayContaining(['reload-pending']));
  writeFileSync(join(run, 'reload-pending'), '');
  expect(await applyTo(start(), shop)).toEqual([`reload runs touch ${join(folder, 'reloaded')}`]);
  expect(existsSync(join(folder, 'reloaded'))).toBe(true);
  expect(await applyTo(start(), shop)).toEqual([]);
});

test('a reload that has to keep its distance is put off, with the files', async () => {
  const { start, read } = createStage({ reload: { command: ['true'], minIntervalMs: 60_000 } });
  const sink = start();
  await applyTo(sink, shop);
  const plan = await sink.plan(catalogOf(shop, cart), createContext());
  expect(plan.changes).toEqual([]);
  expect(plan.deferred?.afterMs).toBeGreaterThan(50_000);
  await plan.apply();
  expect(read()).toBe('/shop\n');
});

test('a service that a template cannot take is left out by name, and comes in when it is mended', async () => {
  const { start, read } = createStage();
  const sink = start();
  const hostile = { ...cart, name: '/cart\nevil' };
  const plan = await sink.plan(catalogOf(shop, hostile), createContext());
  expect(plan.warnings).toEqual([
    { service: cart.id, message: expect.stringContaining('has a control character in it') },
  ]);
  await plan.apply();
  expect(read()).toBe('/shop\n');
  await applyTo(sink, shop, cart);
  expect(read()).toBe('/cart\n/shop\n');
});

test('a template that is wrong for everybody is an error, and the file stays', async () => {
  const { start, read } = createStage();
  await applyTo(start(), shop);
  const { start: startWrong } = createStage({}, { text: '{{ nothing }}' });
  await expect(startWrong().plan(catalogOf(shop), createContext())).rejects.toMatchObject({
    code: 'SINK_CHECK_FAILED',
    message: expect.stringContaining('undefined variable: nothing, line:1, col:4'),
  });
  expect(read()).toBe('/shop\n');
});

test('options that cannot work are refused', () => {
  const { path } = createStage();
  expect(() =>
    template({
      files: [
        { path, text: 'a' },
        { path, text: 'b' },
      ],
    }),
  ).toThrow('two files have the same path');
  expect(() => template({ files: [{ path, text: 'a', owner: 'no-such-user' }] })).toThrow('there is no user');
});

test('the data of the template can be looked at', async () => {
  const sink = createStage().start();
  const data = await sink.data?.(catalogOf(shop, cart), createContext());
  expect(JSON.parse(JSON.stringify(data))).toMatchObject({
    services: [{ name: '/cart', endpoints: [{ port: 8002 }], active: [{}], hostnames: [] }, { name: '/shop' }],
  });
});
