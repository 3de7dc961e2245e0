import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { putFile } from '@signalbox/testkit/tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sync } from './support/services.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

let bench: TlsBench;
beforeEach(async () => {
  bench = await createTlsBench();
});
afterEach(() => bench.close());

it('a certificate that ends soon is named in every plan until it is renewed', async () => {
  await bench.certify('soon.test', ['soon.test'], { toDays: 13 });
  await bench.certify('later.test', ['later.test'], { toDays: 15 });
  const sink = bench.createSink();
  const catalog = bench.catalog();
  await sync(sink, catalog, bench);
  // Also where nothing is looked at anew.
  const { changes, warnings } = await sink.plan(bench.catalog(), bench.context);
  expect(changes).toEqual([]);
  expect(warnings.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^the certificate soon\.test expires on \d{4}-\d\d-\d\d, in less than 14 days$/),
  ]);
  await bench.certify('soon.test');
  await sync(sink, catalog, bench);
  expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
});

it('statistics tell what HAProxy shows to clients, not what lies in the folder', async () => {
  await bench.certify('shop', ['shop.test', '*.shop.test'], { toDays: 30 });
  const sink = bench.createSink();
  const catalog = bench.catalog();
  await sync(sink, catalog, bench);
  const source = join(bench.folder, 'shop.pem');
  const read = async () => (await sink.statistics?.(catalog, bench.context))?.certificates;
  const [before] = (await read()) ?? [];
  expect(before).toMatchObject({ source, hostnames: ['shop.test', '*.shop.test'] });
  expect(Math.abs((before?.notAfterMs ?? 0) - Date.now() - 30 * 86_400_000)).toBeLessThan(600_000);
  expect(before?.notBeforeMs).toBeLessThan(Date.now());

  await putFile(source, 'nonsense');
  await sync(sink, catalog, bench);
  expect(await read()).toEqual([before]);
  await rm(source);
  await bench.certify('shop', ['shop.test'], { toDays: 60 });
  await sync(sink, catalog, bench);
  expect((await read())?.[0]?.notAfterMs).toBeGreaterThan(before?.notAfterMs ?? 0);
});
