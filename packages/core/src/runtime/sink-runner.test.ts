import { catalogOf, memorySink, service, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { silentLogger } from '../plugin/logger.ts';
import type { Sink } from '../plugin/sink.ts';
import { SinkRunner, type SinkRunnerOptions } from './sink-runner.ts';

const settle = { minMs: 200, maxMs: 1_000 };
const catalog = (version: number) => catalogOf([service('/web', { endpoints: version })], version);
const web = service('/web');

function createRunner(sink: Sink, options: Partial<SinkRunnerOptions> = {}): SinkRunner {
  const defaults = { id: 'edge', settle, resyncMs: 3_600_000, gracePeriodMs: 20, retry: {}, logger: silentLogger };
  return new SinkRunner({ ...defaults, sink, emit() {}, ...options });
}

describe('waiting for quiet', () => {
  const controller = new AbortController();
  const sink = memorySink();
  const runner = createRunner(sink);
  let ended: Promise<void>;
  beforeEach(async () => {
    vi.useFakeTimers();
    ended = runner.run(controller.signal);
    runner.offer(catalog(1), false);
    await vi.advanceTimersByTimeAsync(1);
  });
  afterEach(async () => {
    controller.abort();
    await ended;
    vi.useRealTimers();
  });

  test('begins anew with every change, and has an end; what is urgent does not wait', async () => {
    expect(sink.plans).toBe(1);
    runner.offer(catalog(2), false);
    await vi.advanceTimersByTimeAsync(150);
    runner.offer(catalog(3), false);
    await vi.advanceTimersByTimeAsync(150);
    expect(sink.plans).toBe(1);
    await vi.advanceTimersByTimeAsync(60);
    expect(sink.applied.at(-1)?.version).toBe(3);
    expect(sink.plans).toBe(2);

    for (let version = 4; version < 14; version += 1) {
      runner.offer(catalog(version), false);
      await vi.advanceTimersByTimeAsync(110);
    }
    expect(sink.plans).toBe(3);

    runner.offer(catalog(14), true);
    runner.offer(catalog(15), false);
    await vi.advanceTimersByTimeAsync(1);
    expect(sink.applied.at(-1)?.version).toBe(15);
  });
});

test('a clock that is set back delays nothing', async () => {
  const sink = memorySink();
  const controller = new AbortController();
  const runner = createRunner(sink, { settle: { minMs: 20, maxMs: 20 } });
  const ended = runner.run(controller.signal);
  runner.offer(catalog(1), false);
  await waitFor(() => sink.applied.length === 1);
  runner.offer(catalog(2), false);
  const now = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => now - 3_600_000);
  await vi.waitFor(() => expect(sink.applied).toHaveLength(2));
  controller.abort();
  await ended;
});

test('a target that moves before there is a catalog is left alone until there is one', async () => {
  const sink = memorySink();
  const controller = new AbortController();
  const changes = async function* (): AsyncGenerator<number> {
    yield 1;
    await new Promise(() => {});
  };
  const runner = createRunner({ ...sink, plan: sink.plan, changes });
  const ended = runner.run(controller.signal);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(sink.plans).toBe(0);
  runner.offer(catalog(1), false);
  await waitFor(() => sink.applied.length === 1);
  controller.abort();
  await ended;
});

test('a target that moved is planned again', async () => {
  const sink = memorySink();
  const controller = new AbortController();
  let move: () => void = () => {};
  const moved = new Promise<void>((resolve) => {
    move = resolve;
  });
  const changes = async function* (): AsyncGenerator<number> {
    await moved;
    yield 1;
    await new Promise(() => {});
  };
  const runner = createRunner({ ...sink, plan: sink.plan, changes }, { settle: { minMs: 1, maxMs: 1 } });
  const ended = runner.run(controller.signal);
  runner.offer(catalog(1), false);
  await waitFor(() => sink.applied.length === 1);
  sink.tamper(web.id, undefined);
  move();
  await waitFor(() => sink.services.size === 1);
  controller.abort();
  await ended;
});

test('nothing is applied when whoever heard of the plan aborts', async () => {
  const apply = vi.fn(async () => {});
  const change = { action: 'create', target: 'x', summary: 'x', services: [] } as const;
  const controller = new AbortController();
  const sink: Sink = { plan: async () => ({ changes: [change], warnings: [], apply }) };
  const runner = createRunner(sink, { emit: () => controller.abort() });
  const ended = runner.run(controller.signal);
  runner.offer(catalog(1), false);
  await ended;
  await new Promise((resolve) => setImmediate(resolve));
  expect(apply).not.toHaveBeenCalled();
});

test.each([undefined, {}, { changes: [], warnings: [] }, { changes: [], apply() {} }])(
  'a plan that is none breaks the contract: %j',
  async (plan) => {
    const sink = { plan: () => plan } as unknown as Sink;
    const planning = createRunner(sink).planOnce(catalog(1), new AbortController().signal);
    await expect(planning).rejects.toMatchObject({ code: 'PLUGIN_CONTRACT', plugin: { id: 'edge', kind: 'sink' } });
  },
);

test('a single pass that is aborted lets its apply finish', async () => {
  const sink = memorySink();
  const release = sink.pause('apply');
  const controller = new AbortController();
  const applying = createRunner(sink, { gracePeriodMs: 60_000 }).applyOnce(catalog(1), controller.signal);
  await waitFor(() => sink.plans === 1);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  release();
  await applying;
  expect(sink.services.size).toBe(1);
});

test('a single pass gives up an apply that never ends', async () => {
  const controller = new AbortController();
  const apply = (): Promise<void> => {
    setImmediate(() => controller.abort(new Error('enough')));
    return new Promise(() => {});
  };
  const change = { action: 'create', target: 'x', summary: 'x', services: [] } as const;
  const sink: Sink = { plan: async () => ({ changes: [change], warnings: [], apply }) };
  await expect(createRunner(sink).applyOnce(catalog(1), controller.signal)).rejects.toThrow('enough');
});

test('an endless grace period does not end at once', async () => {
  const sink = memorySink();
  const release = sink.pause('apply');
  const controller = new AbortController();
  const runner = createRunner(sink, { gracePeriodMs: Number.POSITIVE_INFINITY });
  const applying = runner.applyOnce(catalog(1), controller.signal);
  await waitFor(() => sink.plans === 1);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await new Promise((resolve) => setTimeout(resolve, 10));
  release();
  await applying;
});

describe('a plan of which a part has to wait', () => {
  /** Needs two plans for each catalog, the second one later. */
  function createPatientSink(): { readonly sink: Sink; readonly applied: string[] } {
    const applied: string[] = [];
    let isOpen = false;
    const sink: Sink = {
      async plan({ version }) {
        const target = isOpen ? `reload ${version}` : `runtime ${version}`;
        const deferred = isOpen ? {} : { deferred: { afterMs: 30, reason: 'the interval' } };
        const apply = async (): Promise<void> => {
          applied.push(target);
          isOpen = true;
        };
        return {
          changes: [{ action: 'update', target, summary: target, services: [] }],
          warnings: [],
          ...deferred,
          apply,
        };
      },
    };
    return { sink, applied };
  }

  test('is applied as far as it goes, and again when the time has come; it is not in step before that', async () => {
    const { sink, applied } = createPatientSink();
    const runner = createRunner(sink);
    const controller = new AbortController();
    const ended = runner.run(controller.signal);
    runner.offer(catalog(1), false);
    await waitFor(() => applied.length === 1, { intervalMs: 1 });
    expect(runner.status.health).toBe('pending');
    await waitFor(() => runner.status.health === 'in-sync');
    expect(applied).toEqual(['runtime 1', 'reload 1']);
    controller.abort();
    await ended;
  });

  test('is waited for in a single pass', async () => {
    const { sink, applied } = createPatientSink();
    const { changes } = await createRunner(sink).applyOnce(catalog(1), new AbortController().signal);
    expect(applied).toEqual(['runtime 1', 'reload 1']);
    expect(changes).toHaveLength(2);
  });
});
