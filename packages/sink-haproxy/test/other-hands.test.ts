import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { startRelay } from './support/relay.ts';
import { makeEndpoint, makeService, summaries, sync, syncOnce } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('a server that others changed', () => {
  it.each([
    ['its weight', 'weight 77', 'gets weight 1 instead of 77'],
    ['its state', 'state maint', 'back in service'],
    ['its draining', 'state drain', 'back in service'],
  ])('%s is repaired at runtime', async (_, command, summary) => {
    const { sink, catalog, server } = await serveOne();
    const pid = await bench.pid();
    await bench.ask(`set server ${server} ${command}`);
    expect(summaries(await sync(sink, catalog, bench))).toEqual([expect.stringContaining(summary)]);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect(await bench.pid()).toBe(pid);
  });

  it('its address is repaired by a reload, since a server never changes its address at runtime', async () => {
    const { sink, catalog, server, port } = await serveOne();
    await bench.ask(`set server ${server} addr 127.0.0.1 port ${await freePort()}`);
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([`HAProxy reloads: the address of ${server} was changed by others`]);
    expect((await request(port)).body).toBe('one');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });
});

describe('a command that HAProxy refuses', () => {
  it('once is made good by a second pass', async () => {
    const { sink, grown, port } = await serveOne();
    await using relay = await startRelay(bench.directory);
    const pid = await bench.pid();
    let refusals = 0;
    relay.rewrite((command) => {
      if (!command.startsWith('add server') || refusals > 0) return command;
      refusals += 1;
      return 'refuse this';
    });
    await sync(sink, grown, bench);
    expect(refusals).toBe(1);
    expect(await bodies(port)).toEqual(['one', 'two']);
    expect(await bench.pid()).toBe(pid);
  });

  it('every time is an error with its words, and what it was to bring comes by a reload', async () => {
    const { sink, grown, port } = await serveOne();
    const pid = await bench.pid();
    await using relay = await startRelay(bench.directory);
    relay.rewrite((command) => (command.startsWith('add server') ? 'refuse this' : command));
    await expect(syncOnce(sink, grown, bench)).rejects.toMatchObject({
      code: 'SINK_APPLY_FAILED',
      output: expect.stringMatching(/add server .*: Unknown command/),
      hint: expect.stringContaining('a reload follows'),
    });
    const plan = await sync(sink, grown, bench);
    expect(summaries(plan)).toContain('HAProxy reloads: the Runtime API did not take a change');
    expect(await bodies(port)).toEqual(['one', 'two']);
    expect(await bench.pid()).not.toBe(pid);
    expect((await sink.plan(grown, bench.context)).changes).toEqual([]);
  });
});

it('retired servers are dropped by one reload when there are too many', async () => {
  const sink = bench.createSink({ drainTimeoutMs: 0 }, { mostRetiredServers: 3 });
  const shop = (...ports: number[]) =>
    bench.catalog(makeService('mesos:/shop#http', { endpoints: ports.map((port) => makeEndpoint(port)) }));
  await sync(sink, shop(20_000, 20_001, 20_002, 20_003), bench);
  const pid = await bench.pid();
  await sync(sink, shop(20_003), bench);
  expect((await sink.plan(shop(20_003), bench.context)).changes).toEqual([]);
  await sync(sink, shop(20_004), bench);
  const last = shop(20_004);
  const deletes = !/^Version: 2\./m.test(await bench.ask('show info'));
  // From 3.0 on each is deleted after its quarantine, and none has to be dropped.
  const expected = deletes ? [] : ['HAProxy reloads: 4 retired servers are dropped'];
  expect(summaries(await sync(sink, last, bench))).toEqual(expected);
  expect((await sink.plan(last, bench.context)).changes).toEqual([]);
  expect((await bench.pid()) === pid).toBe(deletes);
});

it('a runtime socket that was removed comes back', async () => {
  const { sink, catalog, port } = await serveOne();
  await rm(join(bench.directory, 'signalbox', 'runtime.sock'));
  await sync(sink, catalog, bench);
  expect((await request(port)).body).toBe('one');
  expect(await bench.ask('show info')).toContain('Stopping: 0');
});

async function serveOne() {
  const [one, two] = [await startOrigin('one'), await startOrigin('two')];
  for (const origin of [one, two]) bench.onClose(async () => origin[Symbol.asyncDispose]());
  const port = await freePort();
  const shop = (...ports: number[]) =>
    bench.catalog(makeService('mesos:/shop#http', { port, endpoints: ports.map((number) => makeEndpoint(number)) }));
  const sink = bench.createSink();
  const catalog = shop(one.port);
  await sync(sink, catalog, bench);
  const [, backend, name] = / (a_\S+) \d+ (e_\S+) /.exec(await bench.ask('show servers state')) ?? [];
  await sink[Symbol.asyncDispose]?.();
  // Another one, so that it opens its connection from here on.
  return { sink: bench.createSink(), catalog, grown: shop(one.port, two.port), server: `${backend}/${name}`, port };
}

async function bodies(port: number): Promise<readonly string[]> {
  const seen = new Set<string>();
  for (let count = 0; count < 20; count += 1) seen.add((await request(port)).body);
  return [...seen].sort();
}
