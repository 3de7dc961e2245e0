import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Catalog, Plan, Sink } from '@signalbox/core';
import { putFile } from '@signalbox/testkit/tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modes, sync } from './support/bench.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

/** What is wrong with a file is for sink-kit to find out; here, what nginx shows meanwhile. */
describe.each(modes)('mode %s', (mode) => {
  let bench: TlsBench;
  let sink: Sink;
  let catalog: Catalog;
  let serial: string;
  beforeAll(async () => {
    bench = await createTlsBench({ mode });
    sink = bench.createSink();
    catalog = bench.catalog();
    await bench.certify('a-default', ['default.test']);
    ({ serial } = await bench.certify('shop'));
    await sync(sink, catalog, bench);
  });
  afterAll(() => bench.close());

  const apply = (): Promise<Plan> => sync(sink, catalog, bench);
  const words = ({ warnings }: Plan): readonly string[] => warnings.map(({ message }) => message);

  const cases: Record<string, { content: () => Promise<string>; words: string }> = {
    'half a file': {
      content: async () => (await bench.authority.issue(['shop'])).pem.slice(0, -60),
      words: 'it is cut short',
    },
    'the key of another': {
      content: async () => {
        const [one, two] = [await bench.authority.issue(['shop']), await bench.authority.issue(['shop'])];
        return one.certificate + two.key;
      },
      words: 'its private key does not fit its certificate',
    },
    'an expired one': {
      content: async () => (await bench.authority.issue(['shop'], { fromDays: -9, toDays: -2 })).pem,
      words: 'it expired on',
    },
    'a key too short for nginx': {
      content: async () => (await bench.authority.issue(['shop'], { kind: 'weak' })).pem,
      words: 'nginx refuses it: ',
    },
  };
  for (const [name, { content, words: expected }] of Object.entries(cases)) {
    it(`${name} is named, its last good version stays, the others go on`, async () => {
      await putFile(join(bench.folder, 'shop.pem'), await content());
      const other = await bench.certify('other.test');
      const plan = await apply();
      expect(words(plan)).toEqual([
        expect.stringMatching(/^the certificate ".*shop\.pem" was left out: .*; its last good version stays in force$/),
      ]);
      expect(words(plan)[0]).toContain(expected);
      expect(await bench.serialOf('shop')).toBe(serial);
      expect(await bench.serialOf('other.test')).toBe(other.serial);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
      // Also for the next Signalbox, which never saw the good one.
      await sink[Symbol.asyncDispose]?.();
      sink = bench.createSink();
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
      expect(await bench.serialOf('shop')).toBe(serial);
    });
  }

  it('a folder that is empty takes nothing out of force', async () => {
    for (const name of ['a-default', 'shop', 'other.test']) await rm(join(bench.folder, `${name}.pem`));
    const plan = await apply();
    expect(plan.changes).toEqual([]);
    expect(words(plan)).toEqual([
      expect.stringMatching(/^the folder of certificates ".*" is empty: those in force stay$/),
    ]);
    expect(await bench.serialOf('shop')).toBe(serial);
  });

  it('one that ends soon is named in every plan until it is renewed', async () => {
    await bench.certify('soon.test', ['soon.test'], { toDays: 13 });
    await bench.certify('later.test', ['later.test'], { toDays: 15 });
    await apply();
    const { changes, warnings } = await sink.plan(bench.catalog(), bench.context);
    expect(changes).toEqual([]);
    expect(warnings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the certificate soon\.test expires on \d{4}-\d\d-\d\d, in less than 14 days$/),
    ]);
  });
});
