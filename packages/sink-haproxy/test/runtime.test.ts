import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Bench,
  createBench,
  freePort,
  makeEndpoint,
  makeService,
  request,
  startOrigin,
  summaries,
  sync,
} from './support/harness.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('endpoints', () => {
  it('come and go without a reload', async () => {
    await using one = await startOrigin('one');
    await using two = await startOrigin('two');
    const port = await freePort();
    const sink = bench.createSink();
    const shop = (...ports: number[]) =>
      makeService('mesos:/shop#http', { port, endpoints: ports.map((p) => makeEndpoint(p)) });

    const first = await sync(sink, bench.catalog(shop(one.port)), bench);
    expect(summaries(first)).toContain('haproxy process started');
    expect(await request(port)).toEqual({ status: 200, body: 'one' });
    const pid = await bench.pid();

    const second = await sync(sink, bench.catalog(shop(one.port, two.port)), bench);
    expect(summaries(second)).toEqual([`server 127.0.0.1:${two.port} added`]);
    const bodies = new Set<string>();
    for (let count = 0; count < 10; count += 1) bodies.add((await request(port)).body);
    expect(bodies).toEqual(new Set(['one', 'two']));

    const catalog = bench.catalog(shop(two.port));
    const third = await sync(sink, catalog, bench);
    expect(summaries(third)).toEqual([`server 127.0.0.1:${one.port} drained`]);
    for (let count = 0; count < 5; count += 1) expect((await request(port)).body).toBe('two');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });
});
