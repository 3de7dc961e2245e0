import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Catalog, Sink } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { addsBackends } from './support/added-backends.ts';
import { freePort, request } from './support/origins.ts';
import { startProcess } from './support/scripted-process.ts';
import { makeEndpoint, makeService, summaries, sync } from './support/services.ts';
import { createSpareBench, type SpareBench } from './support/spare-bench.ts';

/** Longer by hand: `CHURN_SECONDS=60`. */
const seconds = Number(process.env.CHURN_SECONDS ?? 5);

let bench: SpareBench;
beforeEach(async () => {
  // So that quarantines last two seconds.
  const short = { retries: 0, connectTimeoutMs: 50, queueTimeoutMs: 50, drainTimeoutMs: 100 };
  const range = await freeRange();
  bench = await createSpareBench({ ...short, spareBackends: 0, portRanges: [range] });
});
afterEach(() => bench.close());

const createSink = (): Sink => bench.createSink({}, { leastQuarantineMs: 0 });
const second = backendName('mesos:/second#0');

/** Without spares, so that a process of before 3.4 has nothing but reloads. */
describe('a new service', () => {
  it(addsBackends ? 'gets a backend, also a TCP one, by the Runtime API' : 'costs a reload before 3.4', async () => {
    const sink = createSink();
    await sync(sink, bench.catalog(bench.app('first')), bench);
    const pid = await bench.pid();
    const [range] = bench.options.portRanges ?? [];
    const tcp = bench.app('tcp', { appProtocol: 'https', routes: [], port: range?.from ?? 0 });
    const catalog = bench.catalog(bench.app('first'), bench.app('second'), tcp);
    await sync(sink, catalog, bench);
    expect((await bench.pid()) === pid).toBe(addsBackends);
    expect((await bench.get('second')).body).toBe('origin');
    expect((await request(range?.from ?? 0)).body).toBe('origin');
    expect(await bench.backendOf('second')).toBe(second);
    expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    expect((await createSink().plan(catalog, bench.context)).changes).toEqual([]);
  });
});

if (addsBackends) {
  describe('a backend that was added', () => {
    it('is that of the file after a reload, and the routes stay where they are', async () => {
      const { sink, catalog } = await addSecond();
      const load = bench.load('second');
      const other = makeService('mesos:/other#0', { port: await freePort() });
      const plan = await sync(sink, bench.catalog(...catalog.services.values(), other), bench);
      expect(summaries(plan).at(-1)).toContain(`port ${other.port} is new`);
      expect(summaries(plan).filter((text) => text.startsWith('route'))).toEqual([]);
      const { failures, answered } = await load.stop();
      expect(failures).toEqual([]);
      expect(answered).toBeGreaterThan(10);
      expect(await bench.backendOf('second')).toBe(second);
    });

    it('has the settings of its service: a profile that the process knows, or a reload', async () => {
      const sink = createSink();
      const sticky = { traffic: { sticky: { kind: 'cookie', cookie: 'SRV' } } } as const;
      await sync(sink, bench.catalog(bench.app('first', sticky)), bench);
      await sync(sink, bench.catalog(bench.app('first', sticky), bench.app('second', sticky)), bench);
      expect((await bench.get('second')).headers['set-cookie']?.[0]).toMatch(/^SRV=.*HttpOnly$/);
      const third = bench.app('third', { traffic: { balance: 'leastconn' } });
      const plan = await sync(sink, bench.catalog(bench.app('first', sticky), third), bench);
      expect(summaries(plan).at(-1)).toMatch(/^HAProxy reloads: the profile http-\w+ of a_mesos-third\S+ is new$/);
    });

    it('gives way to another one when the settings of its service change', async () => {
      const { sink } = await addSecond();
      const load = bench.load('second');
      const pid = await bench.pid();
      const limited = bench.app('second', { traffic: { maxConnections: 100 } });
      const catalog = bench.catalog(bench.app('first'), limited);
      await sync(sink, catalog, bench);
      expect(await bench.backendOf('second')).toBe('s_http_1');
      await expectGone(sink, catalog, second);
      expect(await bench.pid()).toBe(pid);
      expect((await load.stop()).failures).toEqual([]);
      expect((await createSink().plan(catalog, bench.context)).changes).toEqual([]);
    });

    it('is deleted after its servers, each after a quarantine, and comes back when it is wanted', async () => {
      const { sink, catalog } = await addSecond();
      const gone = bench.catalog(bench.app('first'));
      await sync(sink, gone, bench);
      const startedAtMs = performance.now();
      await expectGone(sink, gone, second);
      // Two quarantines of 2.1 s.
      expect(performance.now() - startedAtMs).toBeGreaterThan(4_200);
      expect(await bench.map('structure')).not.toContainEqual(expect.stringContaining(second));
      expect((await createSink().plan(gone, bench.context)).changes).toEqual([]);
      await sync(sink, bench.catalog(...catalog.services.values()), bench);
      expect((await bench.get('second')).body).toBe('origin');
    });

    it('stays while a request is in it, published for whoever returns', async () => {
      const slow = await startSlowOrigin();
      const endless = bench.app('second', { endpoints: [makeEndpoint(slow.port)] });
      const { sink } = await addSecond(endless);
      const answer = bench.get('second');
      await expect.poll(() => slow.asked).toBe(1);
      const gone = bench.catalog(bench.app('first'));
      const tries: string[] = [];
      await sync(sink, gone, bench);
      for (const endAtMs = performance.now() + 6_000; performance.now() < endAtMs; await sleep(200)) {
        tries.push(...summaries(await sync(sink, gone, bench)));
      }
      // The server goes not before its connection.
      expect(tries).toContainEqual(expect.stringMatching(/deleted$/));
      expect(await bench.ask('show backend')).toContain(second);
      await sync(sink, bench.catalog(bench.app('first'), bench.app('second')), bench);
      expect((await bench.get('second')).body).toBe('origin');
      slow.answer();
      expect((await answer).body).toBe('slow');
    });

    it('whose name somebody else took is another one', async () => {
      const sink = createSink();
      await sync(sink, bench.catalog(bench.app('first')), bench);
      await bench.ask(`add backend ${second} from d_http mode http`);
      const catalog = bench.catalog(bench.app('first'), bench.app('second'));
      await sync(createSink(), catalog, bench);
      expect(await bench.backendOf('second')).toBe('s_http_1');
      expect((await bench.get('second')).body).toBe('origin');
    });
  });

  it('what is told of backends is answered in the words of the scripted process of other tests', async () => {
    await sync(createSink(), bench.catalog(bench.app('first')), bench);
    const directory = join(bench.directory, 'signalbox');
    const scripted = startProcess(await bench.pid(), bench.config, directory);
    const meta = join(directory, 'meta.map');
    const conversation = [
      ...['help add backend', 'show backend', `get map ${meta} rev`, `get map ${meta} none`, 'show map none.map'],
      ...[`set map ${meta} none 1`, `del map ${meta} none`, `add map ${meta} none 1`, `del map ${meta} none`],
      ...[
        'add backend x from d_http mode http',
        'add backend x from d_http mode http',
        'add backend y from z mode http',
      ],
      ...['publish backend x', 'publish backend y', 'unpublish backend y', 'del backend y', 'show servers state y'],
      ...[
        'add server x/a 127.0.0.1:1 weight 1',
        'add server x/a 127.0.0.1:1 weight 1',
        'add server y/a 127.0.0.1:1 weight 1',
      ],
      ...['set server x/a state ready', 'set server x/b state ready', 'set server y/a state ready', 'del server x/a'],
      ...['del backend x', 'unpublish backend x', 'del backend x', 'set server x/a state maint', 'del server x/a'],
      ...['del server x/a', 'del server y/a', 'show backend', 'del backend x', 'publish backend x', 'show backend'],
    ];
    for (const command of conversation) {
      const words = scripted.answer(command);
      // 3.4.7 may put what its thread logged last before a message of success.
      const lines = (await bench.ask(command)).split('\n').slice(-words.split('\n').length);
      expect(words, command).toBe(lines.join('\n'));
    }
  });

  describe('services that come and go', () => {
    it(
      `20 a second for ${seconds} s: no reload, and no request of the others is lost`,
      async ({ annotate }) => {
        const sink = createSink();
        await sync(sink, bench.catalog(bench.app('first')), bench);
        const pid = await bench.pid();
        const load = bench.load('first', 100);
        let made = 0;
        let removed = 0;
        const names: string[] = [];
        /** Clients that go on asking for what is not there any more. */
        let late = bench.load('nobody', 20);
        const startMs = performance.now();
        for (let elapsedMs = 0; elapsedMs < seconds * 1_000; elapsedMs = performance.now() - startMs) {
          for (; made < (elapsedMs * 20) / 1_000; made += 1) names.push(`app-${made}`);
          while (names.length > 20) {
            const name = names.shift() ?? '';
            removed += 1;
            if (removed % 20 !== 0) continue;
            await late.stop();
            late = bench.load(name, 20);
          }
          const plan = await sync(
            sink,
            bench.catalog(bench.app('first'), ...names.map((name) => bench.app(name))),
            bench,
          );
          expect(plan.changes.map(({ action }) => action)).not.toContain('reload');
          await sleep(20);
        }
        const { failures, answered } = await load.stop();
        await late.stop();
        const left = (await bench.ask('show backend')).split('\n').filter((name) => name.startsWith('a_')).length;
        await annotate(`${made} services came, ${removed} went, ${left} backends are there; ${answered} answered`);
        expect(failures).toEqual([]);
        expect(await bench.pid()).toBe(pid);
        for (const name of names.slice(-3)) expect((await bench.get(name)).body).toBe('origin');
      },
      60_000 + seconds * 3_000,
    );
  });
}

async function addSecond(app = bench.app('second')): Promise<{ sink: Sink; catalog: Catalog }> {
  const sink = createSink();
  await sync(sink, bench.catalog(bench.app('first')), bench);
  const catalog = bench.catalog(bench.app('first'), app);
  await sync(sink, catalog, bench);
  expect(await bench.backendOf('second')).toBe(second);
  return { sink, catalog };
}

/** Plans again and again, as the runtime does when a step is due. */
async function expectGone(sink: Sink, catalog: Catalog, name: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await sync(sink, catalog, bench);
        return bench.ask('show backend');
      },
      { timeout: 20_000, interval: 100 },
    )
    .not.toContain(name);
}

async function startSlowOrigin() {
  const waiting: (() => void)[] = [];
  const server: Server = createServer((_request, response) => waiting.push(() => response.end('slow')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  bench.onClose(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    get asked() {
      return waiting.length;
    },
    answer: () => waiting.shift()?.(),
  };
}

/** Of one port. */
async function freeRange(): Promise<{ readonly from: number; readonly to: number }> {
  const port = await freePort();
  return { from: port, to: port };
}
