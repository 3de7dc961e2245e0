import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, request, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findMaster, requestReload } from '../src/control/process.ts';
import { nginxOptions } from '../src/options.ts';
import { type Settings, toSettings } from '../src/settings.ts';
import { modes, summaries, sync } from './support/bench.ts';
import { createRoutingBench, type RoutingBench } from './support/routing.ts';

describe.each(modes)('mode %s', (mode) => {
  let bench: RoutingBench;
  let settings: Settings;
  beforeEach(async () => {
    bench = await createRoutingBench('a.test', { mode });
    settings = toSettings(nginxOptions.parse(bench.options));
  });
  afterEach(() => bench.close());

  it('names what a foreign configuration had, and keeps it', async () => {
    const text = 'events {}\nhttp { server {\n  server_name old.example.com;\n} }\n';
    await writeFile(bench.config, text);
    const plan = await sync(bench.createSink(), bench.catalog(await bench.serve('one')), bench);
    expect(summaries(plan).join('\n')).toContain('and with it "old.example.com"');
    expect(await readFile(`${bench.config}.before-signalbox`, 'utf8')).toBe(text);
  });

  it('a sink that starts on what another one left finds nothing to do, and nginx outlives both', async () => {
    const one = await bench.serve('one', { hostnames: ['a.test'] });
    const catalog = bench.catalog({ ...one, port: await freePort() });
    const first = bench.createSink();
    await sync(first, catalog, bench);
    const pid = await bench.pid();
    await first[Symbol.asyncDispose]?.();
    expect((await request(bench.port, { host: 'a.test' })).body).toBe('one');
    const plan = await bench.createSink().plan(catalog, bench.context);
    expect([plan.changes, plan.warnings, await bench.pid()]).toEqual([[], [], pid]);
  });

  it('a sink that only looks leaves the nginx of another one running, also where its own would end with it', async () => {
    const catalog = bench.catalog(await bench.serve('one', { hostnames: ['a.test'] }));
    await sync(bench.createSink(), catalog, bench);
    const pid = await bench.pid();
    const looking = bench.createSink({ manage: { onExit: 'stop' } });
    await looking.plan(catalog, bench.context);
    await looking[Symbol.asyncDispose]?.();
    expect((await request(bench.port, { host: 'a.test' })).body).toBe('one');
    expect(await bench.pid()).toBe(pid);
  });

  it('an edited file is noticed, kept and written again; what runs goes on', async () => {
    const sink = bench.createSink();
    const catalog = bench.catalog(await bench.serve('one', { hostnames: ['a.test'] }));
    await sync(sink, catalog, bench);
    const before = await bench.readConfig();
    await writeFile(bench.config, `${before}# by hand\n`);
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ action, target }) => [action, target])).toEqual([['update', bench.config]]);
    expect(await bench.readConfig()).toBe(before);
    expect(await readFile(join(bench.directory, 'signalbox', 'nginx.conf.edited'), 'utf8')).toContain('# by hand');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('a reload by others is seen, and repaired when it brought another file', async () => {
    const sink = bench.createSink();
    const catalog = bench.catalog(await bench.serve('one', { hostnames: ['a.test'] }));
    await sync(sink, catalog, bench);
    const { hash } = await bench.state();
    const changes = sink.changes?.(bench.context)[Symbol.asyncIterator]();
    const noticed = changes?.next();
    const config = await bench.readConfig();
    await writeFile(bench.config, config.replaceAll(hash, 'by-hand'));
    await requestReload(settings, bench.context.signal);
    // Old and new workers answer in turns for a moment.
    await sleep(1_000);
    expect((await noticed)?.value).toMatch(/changed/);
    await changes?.return?.();
    const plan = await sync(sink, catalog, bench);
    expect(plan.changes.map(({ action }) => action)).toContain('reload');
    expect((await bench.state()).hash).toBe(hash);
    expect((await bench.request()).body).toBe('one');
  });

  it('nginx that was killed is started again, over the socket that it left behind', async () => {
    const sink = bench.createSink();
    const catalog = bench.catalog(await bench.serve('one', { hostnames: ['a.test'] }));
    await sync(sink, catalog, bench);
    await sleep(400);
    await killAll(settings);
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toContain('nginx process started');
    expect((await bench.request()).body).toBe('one');
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
  });

  it('nginx that others start again begins with what it ran', async () => {
    const sink = bench.createSink();
    const catalog = bench.catalog(await bench.serve('one', { hostnames: ['a.test'] }));
    await sync(sink, catalog, bench);
    await sleep(400);
    await killAll(settings);
    await rm(join(bench.directory, 'signalbox', 'control', 'nginx.sock'), { force: true });
    await once(spawn('nginx', ['-c', bench.config], { stdio: 'ignore' }), 'exit');
    expect((await bench.request()).body).toBe('one');
    const plan = await sync(sink, catalog, bench);
    expect(summaries(plan)).toEqual([]);
  });

  it('a port that another process holds is left out alone', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    bench.onClose(async () => void holder.close());
    const { port } = holder.address() as { port: number };
    const sink = bench.createSink();
    const taken = { ...(await bench.serve('taken')), port };
    const free = { ...(await bench.serve('free')), port: await freePort() };
    const plan = await sync(sink, bench.catalog(taken, free), bench);
    expect(plan.warnings).toEqual([
      { message: `service port ${port} was left out: another process listens on it`, service: taken.id },
    ]);
    expect((await request(free.port)).body).toBe('free');
  });

  it('a second process with the same target is refused', async () => {
    const lock = join(bench.directory, 'signalbox', 'lock');
    const sink = bench.createSink();
    const catalog = bench.catalog({ ...(await bench.serve('one')), port: await freePort() });
    await sync(sink, catalog, bench);
    const content = JSON.parse(await readFile(lock, 'utf8')) as object;
    await sink[Symbol.asyncDispose]?.();
    const other = spawn('sleep', ['60'], { stdio: 'ignore' });
    bench.onClose(async () => void other.kill());
    await writeFile(lock, JSON.stringify({ ...content, pid: other.pid, startTime: '', token: 'other' }));
    const plan = await bench.createSink().plan(bench.catalog(), bench.context);
    await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    await rm(lock);
  });
});

/** Workers first: without their master they would go on. */
async function killAll(settings: Settings): Promise<void> {
  const master = (await findMaster(settings)) ?? 0;
  const children = await readFile(`/proc/${master}/task/${master}/children`, 'utf8');
  process.kill(master, 'SIGKILL');
  for (const pid of children.split(' ').filter((word) => word !== '')) process.kill(Number(pid), 'SIGKILL');
  await waitFor(async () => (await findMaster(settings)) === undefined, { timeoutMs: 10_000 });
}
