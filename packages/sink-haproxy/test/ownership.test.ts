import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Handover } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { haproxy } from '../src/index.ts';
import { type Bench, createBench } from './support/bench.ts';
import { freePort, request, startOrigin } from './support/origins.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

describe('the end of the sink', () => {
  it('leaves HAProxy and its traffic alone, and writes what is due', async () => {
    await using one = await startOrigin('one');
    const port = await freePort();
    const sink = bench.createSink();
    const shop = makeService('mesos:/shop#http', { port, endpoints: [makeEndpoint(20_001)] });
    await sync(sink, bench.catalog(shop), bench);
    await sync(sink, bench.catalog({ ...shop, endpoints: [makeEndpoint(one.port)] }), bench);
    await sink[Symbol.asyncDispose]?.();
    expect(await bench.readConfig()).toContain(`127.0.0.1:${one.port} `);
    expect((await request(port)).body).toBe('one');
    await expect(access(join(bench.directory, 'signalbox/lock'))).rejects.toThrow();
  });

  it('ends HAProxy when that is asked for', async () => {
    const sink = bench.createSink({ manage: { onExit: 'stop' } });
    await sync(sink, bench.catalog(makeService('mesos:/shop#http')), bench);
    expect(await bench.pid()).toBeGreaterThan(0);
    await sink[Symbol.asyncDispose]?.();
    await expect(bench.ask('show info')).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
  });

  it('that only looked leaves the HAProxy of another one running', async () => {
    const catalog = bench.catalog(makeService('mesos:/shop#http'));
    await sync(bench.createSink(), catalog, bench);
    const pid = await bench.pid();
    const looking = bench.createSink({ manage: { onExit: 'stop' } });
    await looking.statistics?.(catalog, bench.context);
    await looking.plan(catalog, bench.context);
    await looking[Symbol.asyncDispose]?.();
    expect(await bench.pid()).toBe(pid);
    expect(await bench.ask('show info')).toContain('Uptime');
  });
});

it('the end of a pipeline that hands over to another one leaves HAProxy running, whatever was asked for', async () => {
  const pipeline = new AbortController();
  const sink = bench.createSink({ manage: { onExit: 'stop' } });
  await sync(sink, bench.catalog(makeService('mesos:/shop#http')), {
    context: { ...bench.context, signal: pipeline.signal },
  });
  const pid = await bench.pid();
  pipeline.abort(new Handover());
  await sink[Symbol.asyncDispose]?.();
  expect(await bench.pid()).toBe(pid);
});

it('a configuration of somebody else is named in the plan, and kept when it is replaced', async () => {
  const theirs = 'global\n\nfrontend web\n  bind 127.0.0.1:1\nlisten stats # mine\n';
  await writeFile(bench.config, theirs);
  const sink = bench.createSink();
  const catalog = bench.catalog(makeService('mesos:/shop#http'));
  const plan = await sync(sink, catalog, bench);
  expect(plan.changes.find(({ action }) => action === 'update')).toMatchObject({
    target: bench.config,
    summary: expect.stringContaining('"frontend web, listen stats"'),
  });
  expect(await readFile(`${bench.config}.before-signalbox`, 'utf8')).toBe(theirs);
  expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
});

it('the target is locked as soon as it is watched, so that a second Signalbox hears of the first at its start', async () => {
  const watch = bench.createSink().changes?.(bench.context)[Symbol.asyncIterator]();
  void watch?.next().catch(() => {});
  const readLock = (): Promise<string> => readFile(join(bench.directory, 'signalbox/lock'), 'utf8').catch(() => '{}');
  await expect.poll(async () => JSON.parse(await readLock()).pid).toBe(process.pid);
});

it('what HAProxy refuses as a whole stands in the plan already', async () => {
  const sink = bench.createSink({ global: ['frobnicate 3'] });
  const { warnings } = await sink.plan(bench.catalog(), bench.context);
  expect(warnings.map(({ message }) => message).join()).toContain('frobnicate');
});

describe('a HAProxy that others start', () => {
  it('is reloaded through its master socket', async () => {
    await sync(bench.createSink(), bench.catalog(), bench);
    const sink = bench.createSink({ manage: false, masterSocket: join(bench.directory, 'signalbox/master.sock') });
    const catalog = bench.catalog(makeService('mesos:/shop#http', { port: await freePort() }));
    expect((await sync(sink, catalog, bench)).changes.map(({ action }) => action)).toEqual(['create', 'reload']);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('is reloaded by a command', async () => {
    await sync(bench.createSink(), bench.catalog(), bench);
    const pidFile = join(bench.directory, 'signalbox/haproxy.pid');
    const sink = bench.createSink({ manage: false, reloadCommand: ['sh', '-c', `kill -USR2 $(cat ${pidFile})`] });
    const catalog = bench.catalog(makeService('mesos:/shop#http', { port: await freePort() }));
    expect((await sync(sink, catalog, bench)).changes.map(({ action }) => action)).toEqual(['create', 'reload']);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('and does not run is an error that says what to do', async () => {
    const sink = bench.createSink({ manage: false, masterSocket: join(bench.directory, 'nobody.sock') });
    await expect(sink.plan(bench.catalog(), bench.context)).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
      hint: expect.stringContaining('manage: true'),
    });
  });
});

describe('endpoints with host names', () => {
  it('are resolved by the sink', async () => {
    const sink = bench.createSink();
    const service = makeService('mesos:/shop#http', {
      endpoints: [
        makeEndpoint(20_001, { address: 'localhost' }),
        makeEndpoint(20_002, { address: 'no-such-host.invalid' }),
      ],
    });
    const plan = await sync(sink, bench.catalog(service), bench);
    expect(plan.warnings.map(({ message }) => message)).toEqual([
      'the endpoint "task-20002" was left out: its host name no-such-host.invalid does not resolve',
    ]);
    expect(await bench.readConfig()).toMatch(/(127\.0\.0\.1|\[::1\]):20001 /);
  });
});

describe('the probe', () => {
  it('passes when HAProxy may be started', async () => {
    await bench.createSink().probe?.(bench.context);
  });

  it('says that there is no such program', async () => {
    const sink = bench.createSink({ binary: join(bench.directory, 'no-haproxy') });
    await expect(sink.probe?.(bench.context)).rejects.toMatchObject({ code: 'SINK_UNREACHABLE' });
  });

  it('says that a folder is no file', async () => {
    await mkdir(bench.config);
    await expect(bench.createSink().probe?.(bench.context)).rejects.toMatchObject({
      code: 'SINK_REFUSED',
      message: expect.stringContaining('is a folder'),
    });
  });

  it('takes a folder that is still to be made, and says where none can be', async () => {
    const probe = (folder: string) =>
      haproxy({ config: join(bench.directory, folder, 'haproxy.cfg'), manage: true }).probe?.(bench.context);
    await probe('missing');
    await writeFile(join(bench.directory, 'file'), '');
    await expect(probe('file')).rejects.toMatchObject({ code: 'SINK_REFUSED' });
  });
});

describe('options', () => {
  it('whose sockets would not fit into an address are refused', () => {
    expect(() => haproxy({ config: `/${'x'.repeat(100)}/haproxy.cfg` })).toThrow(/107/);
  });

  it('of which a path could be misread by HAProxy are refused', () => {
    expect(() => haproxy({ config: '/etc/a b/haproxy.cfg' })).toThrow(/must be a path/);
  });

  it('with two listeners at one place are refused', () => {
    const listener = { address: '127.0.0.1', port: 80, protocol: 'http' } as const;
    expect(() => haproxy({ config: '/x/haproxy.cfg', listeners: [listener, listener] })).toThrow(/share/);
  });
});

it('a summary of what the first start does names everything', async () => {
  const sink = bench.createSink();
  const plan = await sink.plan(bench.catalog(makeService('mesos:/shop#http')), bench.context);
  expect(summaries(plan)).toEqual(['backend for "mesos:/shop#http" added', 'haproxy process started']);
});
