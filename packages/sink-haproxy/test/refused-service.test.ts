import type { Service } from '@signalbox/core';
import { expect, it } from 'vitest';
import { startOrigin } from './support/origins.ts';
import { createRoutingBench } from './support/routing.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

/** JavaScript takes it, PCRE2 does not: it looks behind for a text without a longest length. Only HAProxy's own check can tell. */
const refusedRegex = '(?<=a+)b';

it('of 200 services one that only HAProxy refuses is left out and named, the others go on at once, and it heals when it changes', async () => {
  const bench = await createRoutingBench('app-7.example.com');
  try {
    const origin = await startOrigin('app');
    bench.onClose(async () => origin[Symbol.asyncDispose]());
    const services = Array.from(
      { length: 200 },
      (_, index): Service =>
        makeService(`mesos:/app-${index}#0`, {
          endpoints: [makeEndpoint(origin.port)],
          routes: [{ hostnames: [`app-${index}.example.com`] }],
        }),
    );
    const guilty = services[123]!;
    const bad = {
      ...guilty,
      routes: [{ ...guilty.routes![0]!, path: { type: 'regex', value: refusedRegex } as const }],
    };
    const sink = bench.createSink();
    const catalog = bench.catalog(...services.with(123, bad));
    const plan = await sync(sink, catalog, bench);
    expect(plan.warnings).toEqual([
      { service: guilty.id, message: expect.stringMatching(/^left out, HAProxy refuses it: .*lookbehind/) },
    ]);
    expect(plan.changes.filter(({ action }) => action === 'create')).toHaveLength(200);
    for (const index of [0, 122, 124, 199]) {
      expect(await bench.request({ host: `app-${index}.example.com` })).toMatchObject({ status: 200, body: 'app' });
    }
    expect((await bench.request({ host: 'app-123.example.com' })).status).toBe(404);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);

    const good = {
      ...guilty,
      routes: [{ ...guilty.routes![0]!, path: { type: 'regex', value: '(?<=aa)b' } as const }],
    };
    const healed = await sync(sink, bench.catalog(...services.with(123, good)), bench);
    expect(healed.warnings).toEqual([]);
    expect(summaries(healed)).toEqual([expect.stringContaining(guilty.id), expect.stringContaining('HAProxy reloads')]);
    expect((await bench.request({ host: 'app-123.example.com', path: '/aab' })).body).toBe('app');
  } finally {
    await bench.close();
  }
});
