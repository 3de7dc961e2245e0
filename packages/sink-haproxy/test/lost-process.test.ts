import type { Catalog, Sink } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendName } from '../src/desired/names.ts';
import { createScriptedHaproxy, type ScriptedHaproxy } from './support/scripted-haproxy.ts';
import { sync } from './support/services.ts';

const second = backendName('mesos:/second#0');

let haproxy: ScriptedHaproxy;
beforeEach(async () => {
  haproxy = await createScriptedHaproxy();
  await sync(haproxy.createSink(), haproxy.catalog('first'), haproxy.bench);
});
afterEach(() => haproxy.bench.close());

async function createSink(settings: { readonly trustMarkMs?: number } = {}): Promise<Sink> {
  const sink = haproxy.createSink(settings);
  await sync(sink, haproxy.catalog('first'), haproxy.bench);
  haproxy.takeChanges();
  return sink;
}

/** What brings the second application. */
const everything = [
  expect.stringMatching(`^add map structure.map ${second} `),
  `add backend ${second} from d_http mode http`,
  `publish backend ${second}`,
  expect.stringMatching(`^add server ${second}/`),
  expect.stringMatching(`^set server ${second}/\\S+ state ready$`),
  expect.stringMatching(`^add map route.map second.test/ ${second}:`),
];

/** The next plan sees the process as it is, and brings it what it lacks. */
async function expectNext(sink: Sink, catalog: Catalog, changes: readonly unknown[]) {
  const { pid } = haproxy.process;
  haproxy.takeChanges();
  const plan = await sync(sink, catalog, haproxy.bench);
  expect(haproxy.takeChanges()).toEqual(changes);
  expect(plan.changes.map(({ action }) => action)).not.toContain('reload');
  expect(haproxy.process.pid).toBe(pid);
  const [server] = haproxy.process.backends.get(second)?.servers.values() ?? [];
  expect(server?.state).toBe('ready');
  expect((await sink.plan(catalog, haproxy.bench.context)).changes).toEqual([]);
}

describe('a reply that breaks off', () => {
  it('in an apply: nobody knows what was done, so the next plan looks, and makes up for the rest', async () => {
    const sink = await createSink();
    const catalog = haproxy.catalog('first', 'second');
    const plan = await sink.plan(catalog, haproxy.bench.context);
    haproxy.script((command) => (command.startsWith('add server ') ? { cutAfter: 8 } : undefined));
    await expect(plan.apply()).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
      message: expect.stringMatching(/it closed the connection after 4 of 12 replies$/),
    });
    expect(haproxy.takeChanges()).toEqual(everything.slice(0, 4));
    haproxy.script(() => undefined);
    await expectNext(sink, catalog, everything.slice(4));
  });

  it('within the prompt that ends it', async () => {
    const sink = await createSink();
    const catalog = haproxy.catalog('first', 'second');
    const plan = await sink.plan(catalog, haproxy.bench.context);
    haproxy.script((command) =>
      command.startsWith('publish ') ? { cutAfter: 'Backend published.\n\n>'.length } : undefined,
    );
    await expect(plan.apply()).rejects.toMatchObject({ message: expect.stringMatching(/after 3 of 12 replies$/) });
    haproxy.script(() => undefined);
    await expectNext(sink, catalog, everything.slice(3));
  });

  it('in a plan: it asks once more, and reloads nothing', async () => {
    const sink = await createSink();
    const catalog = haproxy.catalog('first', 'second');
    await sink.plan(catalog, haproxy.bench.context);
    let cuts = 1;
    haproxy.script((command) => {
      if (command !== 'show servers state' || cuts === 0) return undefined;
      cuts -= 1;
      return { cutAfter: 8 };
    });
    await expectNext(sink, catalog, everything);
    expect(cuts).toBe(0);
  });

  it('in every plan: it is said, and nothing is planned in the dark', async () => {
    const sink = await createSink();
    const catalog = haproxy.catalog('first', 'second');
    await sink.plan(catalog, haproxy.bench.context);
    haproxy.script((command) => (command === 'show servers state' ? { cutAfter: 8 } : undefined));
    await expect(sink.plan(catalog, haproxy.bench.context)).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
      retryable: true,
      message: expect.stringMatching(/after 2 of 9 replies$/),
    });
    haproxy.script(() => undefined);
    await expectNext(sink, catalog, everything);
  });
});

describe('another process between plan and apply', () => {
  it.each([
    ['after a reload by others, seen before the first command', 0, 'reload', []],
    ['after a reload by others, seen in the replies of the old worker', 60_000, 'reload', everything.slice(0, -1)],
    ['after a crash and a start by others', 60_000, 'restart', []],
  ] as const)('%s: the apply fails, and the next plan is for the new one', async (_, trustMarkMs, replace, sent) => {
    const sink = await createSink({ trustMarkMs });
    const catalog = haproxy.catalog('first', 'second');
    const plan = await sink.plan(catalog, haproxy.bench.context);
    const planned = haproxy.process;
    haproxy[replace]();
    await expect(plan.apply()).rejects.toMatchObject({ code: 'SINK_TARGET_CHANGED' });
    expect(haproxy.takeChanges()).toEqual(sent);
    expect(haproxy.process.pid).not.toBe(planned.pid);
    expect(haproxy.process.backends.has(second)).toBe(false);
    await expectNext(sink, catalog, everything);
  });
});
