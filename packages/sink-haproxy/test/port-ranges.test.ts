import { createServer } from 'node:net';
import type { Service } from '@signalbox/core';
import { freePortRange } from '@signalbox/testkit';
import { startLoad } from '@signalbox/testkit/load';
import { afterEach, describe, expect, it } from 'vitest';
import { haproxy } from '../src/index.ts';
import { newPlaceOf } from './support/added-backends.ts';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

let bench: Bench | undefined;
afterEach(async () => {
  await bench?.close();
  bench = undefined;
});

describe('a service with a port of a range', () => {
  it.each(['http', 'tcp'] as const)('goes live without a reload when it speaks %s', async (mode) => {
    await using origin = await startOrigin('origin');
    const from = await freePortRange(4);
    bench = await createBench({ portRanges: [{ from, to: from + 3 }] });
    const sink = bench.createSink();
    await sync(sink, bench.catalog(service('first', from, origin.port, 'http')), bench);
    const pid = await bench.pid();
    await expect(request(from + 1)).rejects.toThrow();
    const catalog = bench.catalog(
      service('first', from, origin.port, 'http'),
      service('second', from + 1, origin.port, mode),
    );
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toContain(`port ${from + 1} led to backend ${newPlaceOf('second', 1, mode)}`);
    const answer = await request(from + 1);
    expect(answer.body).toBe('origin');
    const seen = JSON.parse(String(answer.headers['x-seen'])) as { headers: Record<string, string> };
    // Only HTTP is read on its way.
    expect(seen.headers['x-forwarded-for']).toBe(mode === 'http' ? '127.0.0.1' : undefined);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect((await bench.createSink().plan(catalog, bench.context)).changes).toEqual([]);
    await sync(sink, bench.catalog(service('first', from, origin.port, 'http')), bench);
    await expect(request(from + 1)).rejects.toThrow();
    expect(await bench.pid()).toBe(pid);
  });

  it('moves to another port of it, and to another mode', async () => {
    await using origin = await startOrigin('origin');
    const from = await freePortRange(4);
    bench = await createBench({ portRanges: [{ from, to: from + 3 }] });
    const sink = bench.createSink();
    await sync(sink, bench.catalog(service('app', from, origin.port, 'http')), bench);
    const pid = await bench.pid();
    await sync(sink, bench.catalog(service('app', from + 2, origin.port, 'http')), bench);
    expect((await request(from + 2)).body).toBe('origin');
    await sync(sink, bench.catalog(service('app', from + 2, origin.port, 'tcp')), bench);
    expect((await request(from + 2)).body).toBe('origin');
    await expect(request(from)).rejects.toThrow();
    expect(await bench.pid()).toBe(pid);
  });

  it('loses no request of kept connections in reloads', async () => {
    await using origin = await startOrigin('origin');
    const from = await freePortRange(2);
    bench = await createBench({ portRanges: [{ from, to: from + 1 }] });
    const sink = bench.createSink();
    await sync(sink, bench.catalog(service('app', from, origin.port, 'http')), bench);
    const load = startLoad({ url: `http://127.0.0.1:${from}/`, connections: 8 });
    for (let count = 0; count < 5; count += 1) await bench.reload();
    const { answered, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
  });
});

describe('a port outside of the ranges', () => {
  it('needs a reload when it comes and when it goes, and the plan says which', async () => {
    await using origin = await startOrigin('origin');
    const from = await freePortRange(2);
    bench = await createBench({ portRanges: [{ from, to: from + 1 }] });
    const sink = bench.createSink();
    await sync(sink, bench.catalog(), bench);
    const port = await freePort();
    const added = await sync(sink, bench.catalog(service('app', port, origin.port, 'http')), bench);
    expect(summaries(added).at(-1)).toContain(`HAProxy reloads: port ${port} is new`);
    const removed = await sync(sink, bench.catalog(), bench);
    expect(summaries(removed).at(-1)).toBe(`HAProxy reloads: port ${port} is not used any more`);
  });
});

describe('a port of a range that another process holds', () => {
  it('is left out, and taken with a reload once somebody wants it and it is free', async () => {
    await using origin = await startOrigin('origin');
    const from = await freePortRange(3);
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(from + 1, '127.0.0.1', resolve));
    bench = await createBench({ portRanges: [{ from, to: from + 2 }] });
    const sink = bench.createSink();
    const services = [service('one', from, origin.port, 'http'), service('two', from + 1, origin.port, 'http')];
    const { warnings } = await sync(sink, bench.catalog(...services), bench);
    expect(warnings).toEqual([
      { message: `service port ${from + 1} was left out: another process listens on it`, service: 'mesos:/two#0' },
    ]);
    expect((await request(from)).body).toBe('origin');
    await new Promise((resolve) => squatter.close(resolve));
    const first = bench.catalog(services[0]!);
    await sync(sink, first, bench);
    // Nobody wants it, so nothing is done for it.
    expect((await sync(sink, first, bench)).changes.map(({ action }) => action)).not.toContain('reload');
    const plan = await sync(sink, bench.catalog(...services), bench);
    expect(summaries(plan).at(-1)).toContain(`port ${from + 1} is new`);
    expect((await request(from + 1)).body).toBe('origin');
  });
});

describe('a range', () => {
  it.each([
    [[{ from: 32_000, to: 33_000 }], /reaches into 32768 to 60999/],
    [[{ from: 9_000, to: 8_000 }], /ends before it begins/],
    [
      [
        { from: 9_000, to: 9_010 },
        { from: 9_010, to: 9_020 },
      ],
      /overlaps 9000 to 9010/,
    ],
    [[{ from: 79, to: 81 }], /holds port 80 of a listener/],
    [[{ from: 1_025, to: 20_000 }], /18976 ports/],
  ])('is refused: %j', (portRanges, message) => {
    const options = {
      config: '/x/haproxy.cfg',
      portRanges,
      listeners: [{ address: '*', port: 80, protocol: 'http' }],
    } as const;
    expect(() => haproxy(options)).toThrow(message);
  });
});

function service(name: string, port: number, endpointPort: number, mode: 'http' | 'tcp'): Service {
  const { appProtocol, ...plain } = makeService(`mesos:/${name}#0`, { port, endpoints: [makeEndpoint(endpointPort)] });
  return mode === 'http' ? { ...plain, ...(appProtocol === undefined ? {} : { appProtocol }) } : plain;
}
