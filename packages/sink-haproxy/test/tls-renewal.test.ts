import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeRenewals } from '@signalbox/testkit/proxy';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { summaries, sync } from './support/services.ts';
import { stage } from './support/stage.ts';
import { createTlsBench, type TlsBench } from './support/tls-bench.ts';

describeRenewals('HAProxy', stage);

describe('certificates in HAProxy', () => {
  let bench: TlsBench;
  beforeEach(async () => {
    bench = await createTlsBench();
  });
  afterEach(() => bench.close());

  it('a renewal of the default is said apart, and a certificate that goes leaves HAProxy', async () => {
    await bench.certify('first.test');
    await bench.certify('second.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    await bench.certify('first.test');
    expect(summaries(await sync(sink, catalog, bench))).toEqual([
      expect.stringMatching(/^default certificate, first\.test, renewed, valid until \d{4}-\d\d-\d\d$/),
      expect.stringMatching(/^certificate first\.test renewed, valid until \d{4}-\d\d-\d\d$/),
    ]);
    await rm(join(bench.folder, 'second.test.pem'));
    expect(summaries(await sync(sink, catalog, bench))).toEqual(['certificate second.test removed']);
    expect(await bench.ask('show ssl cert')).not.toContain('second.test');
  });

  it('an edit by other hands is seen and repaired without a reload', async () => {
    await bench.certify('first.test');
    const { serial } = await bench.certify('second.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    const path = join(bench.directory, 'signalbox', 'certificates', 'second.test.pem');
    await bench.ask(`del ssl crt-list ${join(bench.directory, 'signalbox', 'certificates.list')} ${path}`);
    await bench.ask(`del ssl cert ${path}`);
    expect(await bench.serialOf('second.test')).not.toBe(serial);
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ action }) => action)).toEqual(['runtime']);
    expect(await bench.serialOf('second.test')).toBe(serial);
  });

  it('one that is too long for the command line needs a reload', async () => {
    await bench.certify('shop.test');
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    const { serial } = await bench.certify('shop.test', ['shop.test'], { paddingBytes: 12_000 });
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([
      'HAProxy reloads: the certificate shop.test is longer than HAProxy takes at runtime',
    ]);
    expect(await bench.serialOf('shop.test')).toBe(serial);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });
});
