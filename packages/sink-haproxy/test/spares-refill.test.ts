import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addsBackends } from './support/added-backends.ts';
import { summaries, sync } from './support/services.ts';
import { createSpareBench, type SpareBench } from './support/spare-bench.ts';

let bench: SpareBench;
beforeEach(async () => {
  bench = await createSpareBench({ spareBackends: 5 });
});
afterEach(() => bench.close());

describe('when few spares are left', () => {
  const title = addsBackends
    ? 'nothing happens where none is needed'
    : 'new ones come in a quiet time, before the last one is taken';
  it(title, async () => {
    const sink = bench.createSink({ refillSparesAfterMs: 500 });
    const apps = [bench.app('app-0')];
    const bring = async (count: number): Promise<void> => {
      for (let added = 0; added < count; added += 1) {
        apps.push(bench.app(`app-${apps.length}`));
        await sync(sink, bench.catalog(...apps), bench);
      }
    };
    await sync(sink, bench.catalog(...apps), bench);
    const announced: unknown[] = [];
    const controller = new AbortController();
    const watching = (async () => {
      const changes = sink.changes?.({ ...bench.context, signal: controller.signal }) ?? [];
      for await (const reason of changes) announced.push(reason);
    })();
    watching.catch(() => {});
    const pid = await bench.pid();
    await bring(3);
    await sleep(1_500);
    expect(announced).toEqual([]);
    await bring(1);
    const load = bench.load('app-1');
    if (addsBackends) await sleep(2_500);
    else await expect.poll(() => announced, { timeout: 20_000 }).toEqual(['few spare backends are left']);
    const catalog = bench.catalog(...apps);
    const plan = await sync(sink, catalog, bench);
    if (addsBackends) expect(plan.changes).toEqual([]);
    else expect(summaries(plan).at(-1)).toBe('HAProxy reloads: few spares are left of profile http (1 of 5)');
    const refilled = await bench.pid();
    expect(refilled === pid).toBe(addsBackends);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    // More than there were spares in all.
    await bring(3);
    expect(await bench.pid()).toBe(refilled);
    const { failures, answered } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(10);
    controller.abort();
    await watching.catch(() => {});
  });

  it('a plan of somebody else asks for nothing', async () => {
    const sink = bench.createSink();
    const apps = [bench.app('app-0')];
    await sync(sink, bench.catalog(...apps), bench);
    for (let number = 1; number <= 5; number += 1) apps.push(bench.app(`app-${number}`));
    const catalog = bench.catalog(...apps);
    await sync(sink, catalog, bench);
    const plan = await bench.createSink().plan(catalog, bench.context);
    expect(plan.changes).toEqual([]);
    expect(plan.deferred).toBeUndefined();
  });
});
