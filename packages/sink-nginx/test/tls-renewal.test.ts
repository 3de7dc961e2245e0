import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describeRenewals } from '@signalbox/testkit/proxy';
import { expect, it } from 'vitest';
import { modes, summaries, sync } from './support/bench.ts';
import { createStage } from './support/stage.ts';
import { createTlsBench } from './support/tls-bench.ts';

for (const mode of modes) describeRenewals(`nginx, mode ${mode}`, createStage(mode));

it('by Lua, the first certificate comes without a reload, too, and nothing of one that goes is left', async () => {
  const bench = await createTlsBench({ mode: 'lua' });
  try {
    const sink = bench.createSink();
    const catalog = bench.catalog();
    await sync(sink, catalog, bench);
    const generation = await bench.generation();
    await expect(bench.serialOf('first.test')).rejects.toThrow();
    await bench.certify('first.test');
    const added = await sync(sink, catalog, bench);
    expect(summaries(added)).toEqual([
      expect.stringMatching(/^certificate first\.test added, valid until/),
      'by default, first.test is shown',
      'to those who ask for first.test, first.test is shown',
    ]);
    const second = await bench.certify('second.test');
    await sync(sink, catalog, bench);
    await rm(join(bench.folder, 'first.test.pem'));
    const removed = await sync(sink, catalog, bench);
    expect(summaries(removed)).toEqual([
      'by default, second.test is shown',
      'certificate first.test removed',
      'certificates for first.test removed',
    ]);
    expect(await bench.serialOf('first.test')).toBe(second.serial);
    expect([...(await bench.entries()).keys()].filter((key) => key.includes('first'))).toEqual([]);
    expect(await bench.generation()).toBe(generation);
  } finally {
    await bench.close();
  }
});
