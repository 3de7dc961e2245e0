import { Socket } from 'node:net';
import type { Service, Sink } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort } from './support/origins.ts';
import { type Relay, startRelay } from './support/relay.ts';
import { makeEndpoint, makeService, sync } from './support/services.ts';

let bench: Bench;
let sink: Sink;
let relay: Relay;
let services: Service[];
beforeEach(async () => {
  bench = await createBench({
    servicePorts: false,
    listeners: [{ name: 'web', address: '127.0.0.1', port: await freePort(), protocol: 'http' }],
  });
  services = Array.from({ length: 200 }, (_, index) =>
    makeService(`mesos:/app-${index}#0`, {
      endpoints: [makeEndpoint(20_000 + index)],
      routes: [{ hostnames: [`app-${index}.test`] }],
    }),
  );
  await sync(bench.createSink(), bench.catalog(...services), bench);
  relay = await startRelay(bench.directory);
  bench.onClose(async () => relay[Symbol.asyncDispose]());
  // As if every apply followed its plan at once, however slow this machine is.
  sink = bench.createSink({}, { trustMarkMs: 60_000 });
  await sync(sink, bench.catalog(...services), bench);
  relay.take();
});
afterEach(() => bench.close());

/** Gives the first services one more endpoint each. */
function grow(count: number): readonly Service[] {
  for (const [index, service] of services.slice(0, count).entries()) {
    services[index] = { ...service, endpoints: [...service.endpoints, makeEndpoint(30_000 + index)] };
  }
  return services;
}

const revision = expect.stringMatching(/^get map \S+\/meta\.map rev$/);
const look = [expect.stringMatching(/^show info$/), revision];
const leave = [expect.stringMatching(/^set map \S+\/meta\.map rev \S+$/), ...look];

describe('over the connection of the plan before', () => {
  it('a plan is one exchange, and an apply that follows at once another: changes, their reading and the marks go in one write', async () => {
    await sync(sink, bench.catalog(...grow(1)), bench);
    expect(relay.take()).toEqual([
      look,
      [
        revision,
        expect.stringMatching(/^add server a_\S+\/e_\S+ 127\.0\.0\.1:30000 /),
        expect.stringMatching(/^set server \S+ state ready$/),
        expect.stringMatching(/^show servers state a_mesos-app-0-0_\w+$/),
        ...leave,
      ],
    ]);
    expect(relay.connections).toBe(1);
  });

  it('a plan describes the services while HAProxy answers', async () => {
    const { endpoints, ...service } = services[0]!;
    const read = vi.fn(() => [...endpoints, makeEndpoint(30_000)]);
    services[0] = Object.defineProperty({ ...service, endpoints }, 'endpoints', { get: read, enumerable: true });
    const catalog = bench.catalog(...services);
    const write = vi.spyOn(Socket.prototype, 'write');
    onTestFinished(() => write.mockRestore());
    read.mockClear();
    const planning = sink.plan(catalog, bench.context);
    // All of it before this one had another turn.
    expect(write.mock.calls.map(([text]) => text)).toEqual([expect.stringContaining('show info')]);
    expect(read.mock.invocationCallOrder[0]).toBeGreaterThan(write.mock.invocationCallOrder[0] ?? 0);
    expect((await planning).changes).toHaveLength(1);
  });

  it('several touched backends are read in the same write, one by one', async () => {
    await sync(sink, bench.catalog(...grow(20)), bench);
    const writes = relay.take();
    expect(writes).toHaveLength(2);
    expect(writes[1]?.filter((command) => command.startsWith('show servers state a_'))).toHaveLength(20);
    expect(writes[1]).not.toContain('show servers state');
  });

  it('when most are touched, all are read by one command, and no write is larger than HAProxy takes', async () => {
    await sync(sink, bench.catalog(...grow(200)), bench);
    const writes = relay.take();
    const commands = writes.flat();
    expect(commands.filter((command) => command.startsWith('show servers state'))).toEqual(['show servers state']);
    expect(commands).toHaveLength(look.length + 1 + 2 * 200 + 1 + leave.length);
    expect(writes.length).toBeLessThanOrEqual(1 + 5);
    for (const write of writes) {
      expect(write.length).toBeLessThanOrEqual(200);
      expect(write.join('\n').length).toBeLessThan(12_288);
    }
  });

  it('a route to a backend that is filled by the same apply is sent once that is seen to answer', async () => {
    const added = makeService('mesos:/new#0', {
      endpoints: [makeEndpoint(30_000)],
      routes: [{ hostnames: ['new.test'] }],
    });
    await sync(sink, bench.catalog(...services, added), bench);
    const [, fill = [], lead = [], ...others] = relay.take();
    expect(others).toEqual([]);
    expect(fill).toContainEqual(expect.stringMatching(/^add server /));
    expect(lead.slice(1)).toEqual([
      expect.stringMatching(/^add map \S+\/route\.map new\.test\/ /),
      expect.stringMatching(/^get map \S+\/route\.map new\.test\/$/),
      ...leave,
    ]);
  });

  it('of a map the keys that changed are read, not the map', async () => {
    const [first, second, ...others] = services;
    const swapped = [{ ...first!, routes: second!.routes! }, { ...second!, routes: first!.routes! }, ...others];
    const plan = await sync(sink, bench.catalog(...swapped), bench);
    expect(plan.changes).toHaveLength(2);
    const writes = relay.take();
    expect(writes).toHaveLength(2);
    expect(writes[1]?.slice(3)).toEqual([
      expect.stringMatching(/^get map \S+\/route\.map app-[01]\.test\/$/),
      expect.stringMatching(/^get map \S+\/route\.map app-[01]\.test\/$/),
      ...leave,
    ]);
  });
});

it('a server that is due for its next step when the last one is read back is no failure, and asks for no full look', async () => {
  const hasty = bench.createSink({ drainTimeoutMs: 1 }, { trustMarkMs: 60_000 });
  await sync(hasty, bench.catalog(...services), bench);
  relay.take();
  services[0] = { ...services[0]!, endpoints: [makeEndpoint(30_000)] };
  await sync(hasty, bench.catalog(...services), bench);
  expect(relay.take()).toHaveLength(2);
});

it('an apply that comes later than at once asks first', async () => {
  const careful = bench.createSink({}, { trustMarkMs: 0 });
  await sync(careful, bench.catalog(...services), bench);
  relay.take();
  await sync(careful, bench.catalog(...grow(1)), bench);
  expect(relay.take()).toEqual([look, look, expect.arrayContaining([expect.stringMatching(/^add server /)])]);
});

it('an apply that follows at once notices another revision all the same, and a full look follows', async () => {
  const catalog = bench.catalog(...grow(1));
  const plan = await sink.plan(catalog, bench.context);
  await bench.ask(`set map ${bench.directory}/signalbox/meta.map rev somebody`);
  await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED', retryable: true });
  relay.take();
  await sync(sink, catalog, bench);
  expect(relay.take().flat()).toContain('show servers state');
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('a worker that took over between plan and apply is noticed, though the connection of the plan is open', async () => {
  sink = bench.createSink();
  await sync(sink, bench.catalog(...services), bench);
  relay.take();
  const catalog = bench.catalog(...grow(1));
  const plan = await sink.plan(catalog, bench.context);
  const pid = await bench.pid();
  await bench.reload();
  expect(await bench.pid()).not.toBe(pid);
  await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED', retryable: true });
  expect(relay.take().flat().join()).not.toContain('add server');
  await sync(sink, catalog, bench);
  expect(await bench.ask('show servers state')).toContain(' 30000 ');
});

describe('the watch', () => {
  it('looks over the connection that is open, and asks for nothing but the mark', async () => {
    const watching = sink.changes?.(bench.context)[Symbol.asyncIterator]().next();
    watching?.catch(() => {});
    const looks: unknown[] = [];
    await expect.poll(() => looks.push(...relay.take()) && looks.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(2);
    expect(looks).toEqual(looks.map(() => look));
    expect(relay.connections).toBe(1);
  });

  it('of a server that is due makes a plan of that server alone', async () => {
    services[0] = { ...services[0]!, endpoints: [makeEndpoint(30_000)] };
    const catalog = bench.catalog(...services);
    await sync(sink, catalog, bench);
    expect(await firstChange(sink)).toBe('a retiring server is due');
    relay.take();
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ summary }) => summary)).toEqual(['server 127.0.0.1:20000 put into maintenance']);
    expect(relay.take()).toEqual([
      look,
      [
        revision,
        expect.stringMatching(/^set server \S+ state maint$/),
        expect.stringMatching(/^show servers state a_mesos-app-0-0_\w+$/),
        ...leave,
      ],
    ]);
    await sink.plan(catalog, bench.context);
    expect(relay.take().flat()).toContain('show servers state');
  });
});

async function firstChange(watched: Sink): Promise<unknown> {
  for await (const reason of watched.changes!(bench.context)) return reason;
  return undefined;
}
