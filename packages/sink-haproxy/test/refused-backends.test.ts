import type { Catalog, Plan, Sink } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { createScriptedHaproxy, type ScriptedHaproxy } from './support/scripted-haproxy.ts';
import { summaries, sync } from './support/services.ts';

const second = backendName('mesos:/second#0');
const third = backendName('mesos:/third#0');
const quarantineMs = 60_000;

let haproxy: ScriptedHaproxy;
let sink: Sink;
beforeEach(async () => {
  haproxy = await createScriptedHaproxy();
  sink = haproxy.createSink({ leastQuarantineMs: quarantineMs });
  await sync(sink, haproxy.catalog('first'), haproxy.bench);
  haproxy.takeChanges();
});
afterEach(async () => {
  vi.useRealTimers();
  await haproxy.bench.close();
});

describe('a backend that HAProxy does not add', () => {
  const refusal = `Error during backend creation : name is already used by other proxy 'frontend ${second}'.`;
  const create = (name: string): readonly unknown[] => [
    expect.stringMatching(new RegExp(`^(add|set) map structure\\.map ${name} \\S+$`)),
    `add backend ${name} from d_http mode http`,
    `publish backend ${name}`,
  ];
  const fill = (name: string): readonly unknown[] => [
    expect.stringMatching(new RegExp(`^add server ${name}/\\S+ 127\\.0\\.0\\.1:20000 weight 1 `)),
    expect.stringMatching(new RegExp(`^set server ${name}/\\S+ state ready$`)),
  ];
  const lead = (host: string, name: string): unknown =>
    expect.stringMatching(new RegExp(`^add map route\\.map ${host}/ ${name}:`));

  it('is tried again once, fails the apply beside those that came, and is in the reload that follows', async () => {
    haproxy.script((command) => (command.startsWith(`add backend ${second} `) ? refusal : undefined));
    const catalog = haproxy.catalog('first', 'second', 'third');
    const before = haproxy.process;
    await expect((await sink.plan(catalog, haproxy.bench.context)).apply()).rejects.toMatchObject({
      code: 'SINK_APPLY_FAILED',
      message: `HAProxy did not take the change "backend added, with the settings of d_http" of backend ${second}`,
      output: expect.stringContaining(`add backend ${second} from d_http mode http: ${refusal}\n`),
    });
    expect(haproxy.takeChanges()).toEqual([
      ...create(second),
      ...create(third),
      ...fill(second),
      ...fill(third),
      lead('third.test', third),
      // The rest, after a look at everything.
      ...create(second),
      ...fill(second),
    ]);
    expect(before.backends.has(second)).toBe(false);
    expect(before.backends.get(third)?.published).toBe(true);
    expect(serversOf(third)).toEqual(['ready']);

    const plan = await sink.plan(catalog, haproxy.bench.context);
    expect(plan.deferred).toBeUndefined();
    expect(summaries(plan)).toContain(`HAProxy reloads: the Runtime API did not take ${second}`);
    await plan.apply();
    expect(haproxy.process.pid).toBe(before.pid + 1);
    expect(serversOf(second)).toEqual(['ready']);
    expect(serversOf(third)).toEqual(['ready']);
    expect((await sink.plan(catalog, haproxy.bench.context)).changes).toEqual([]);
  });

  it('is there after the second try of the same apply, and nobody hears of it', async () => {
    let refusals = 1;
    haproxy.script((command) => {
      if (!command.startsWith(`add backend ${second} `) || refusals === 0) return undefined;
      refusals -= 1;
      return refusal;
    });
    const { pid } = haproxy.process;
    const catalog = haproxy.catalog('first', 'second');
    await sync(sink, catalog, haproxy.bench);
    expect(haproxy.takeChanges()).toEqual([
      ...create(second),
      ...fill(second),
      ...create(second),
      ...fill(second),
      lead('second.test', second),
    ]);
    expect(serversOf(second)).toEqual(['ready']);
    expect((await sink.plan(catalog, haproxy.bench.context)).changes).toEqual([]);
    expect(haproxy.process.pid).toBe(pid);
  });
});

describe('a backend that HAProxy does not delete', () => {
  const attempt = [
    `unpublish backend ${second}`,
    `del backend ${second}`,
    `publish backend ${second}`,
    `del map structure.map ${second}`,
  ];

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await sync(sink, haproxy.catalog('first', 'second'), haproxy.bench);
    haproxy.script((command) =>
      command === `del backend ${second}` ? 'Backend still has attached streams on it.' : undefined,
    );
    const gone = haproxy.catalog('first');
    // Into maintenance, and after a quarantine the server goes; after another one the backend is tried.
    await sync(sink, gone, haproxy.bench);
    await afterQuarantine(gone);
    expect(serversOf(second)).toEqual([]);
    haproxy.takeChanges();
    expect(summaries(await afterQuarantine(gone))).toEqual(['backend removed']);
    expect(haproxy.takeChanges()).toEqual(attempt);
  });

  it('stays published, is left alone for another quarantine, and is tried again then', async () => {
    const gone = haproxy.catalog('first');
    const { pid } = haproxy.process;
    expect(haproxy.process.backends.get(second)?.published).toBe(true);
    vi.advanceTimersByTime(quarantineMs - 1);
    // A full look as well, as for the same catalog.
    for (let turn = 0; turn < 2; turn += 1) expect((await sync(sink, gone, haproxy.bench)).changes).toEqual([]);
    expect(haproxy.takeChanges()).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(summaries(await sync(sink, gone, haproxy.bench))).toEqual(['backend removed']);
    expect(haproxy.takeChanges()).toEqual(attempt);

    haproxy.script(() => undefined);
    await afterQuarantine(gone);
    expect(haproxy.takeChanges()).toEqual(attempt);
    expect(haproxy.process.backends.has(second)).toBe(false);
    expect((await afterQuarantine(gone)).changes).toEqual([]);
    expect(haproxy.process.pid).toBe(pid);
  });

  it('lost its entry in the structure map: when its service is back, another backend carries it, without a reload', async () => {
    const { pid } = haproxy.process;
    const back = haproxy.catalog('first', 'second');
    expect(summaries(await sync(sink, back, haproxy.bench))).toContain('route second.test/ led to backend s_http_1');
    expect(haproxy.takeChanges().filter((command) => /^(unpublish|del) /.test(command))).toEqual([]);
    expect(serversOf('s_http_1')).toEqual(['ready']);
    expect((await sink.plan(back, haproxy.bench.context)).changes).toEqual([]);
    expect(haproxy.process.pid).toBe(pid);
  });

  async function afterQuarantine(catalog: Catalog): Promise<Plan> {
    // The first plan sees what is due from now on.
    await sync(sink, catalog, haproxy.bench);
    vi.advanceTimersByTime(quarantineMs);
    return sync(sink, catalog, haproxy.bench);
  }
});

/** Their states, or undefined without the backend. */
function serversOf(backend: string): readonly string[] | undefined {
  const servers = haproxy.process.backends.get(backend)?.servers;
  return servers === undefined ? undefined : [...servers.values()].map(({ state }) => state);
}
