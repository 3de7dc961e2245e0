import type { Plan, Service } from '@signalbox/core';
import { expect, vi } from 'vitest';
import { createScriptedHaproxy, type ScriptedHaproxy } from './scripted-haproxy.ts';
import { makeEndpoint, makeService, syncOnce } from './services.ts';

/** A scripted HAProxy with a sink that has reloaded it, so that the next reload has to keep its distance. Needs fake timers of `performance`. */
export interface RefusingHaproxy {
  readonly haproxy: ScriptedHaproxy;
  /** From now on commands that begin like this get another answer; none do without a pattern. */
  refuse(pattern?: RegExp): void;
  plan(services: readonly Service[]): Promise<Plan>;
  apply(services: readonly Service[]): Promise<Plan>;
  /** Applies what is refused; `target` stands in the message. */
  expectRefused(services: readonly Service[], target: string): Promise<void>;
  /** After the least time between two reloads, and nothing is left to do then. */
  reloadWith(services: readonly Service[]): Promise<void>;
  /** The backend that a route is led to. */
  leadOf(key: string): string | undefined;
  /** Of its servers: port and state. */
  statesIn(backend: string): readonly string[];
}

const minIntervalMs = 60_000;

export async function createRefusingHaproxy(...services: readonly Service[]): Promise<RefusingHaproxy> {
  const haproxy = await createScriptedHaproxy();
  const { bench } = haproxy;
  const sink = haproxy.createSink({ reload: { minIntervalMs, jitterMs: 0 } });
  const plan = (wanted: readonly Service[]): Promise<Plan> => sink.plan(bench.catalog(...wanted), bench.context);
  const apply = (wanted: readonly Service[]): Promise<Plan> => syncOnce(sink, bench.catalog(...wanted), bench);
  await apply(services);
  haproxy.takeChanges();
  return {
    haproxy,
    refuse(pattern) {
      haproxy.script((command) => (pattern?.test(command) ? 'Out of memory.' : undefined));
    },
    plan,
    apply,
    async expectRefused(wanted, target) {
      await expect(apply(wanted)).rejects.toMatchObject({
        code: 'SINK_APPLY_FAILED',
        message: expect.stringContaining(target),
        output: expect.stringContaining('Out of memory.'),
      });
    },
    async reloadWith(wanted) {
      const { pid } = haproxy.process;
      vi.advanceTimersByTime(minIntervalMs);
      await apply(wanted);
      expect(haproxy.process.pid).toBe(pid + 1);
      expect((await plan(wanted)).changes).toEqual([]);
    },
    leadOf(key) {
      const reply = haproxy.process.answer(`get map ${haproxy.mapPath('route')} ${key}`);
      return /value="([^:"]+)/.exec(reply)?.[1];
    },
    statesIn(backend) {
      const servers = haproxy.process.backends.get(backend)?.servers ?? new Map();
      return [...servers.values()].map(({ port, state }) => `${port} ${state}`).sort();
    },
  };
}

export interface AppOptions {
  readonly ports?: readonly number[];
  readonly maxConnections?: number;
}

/** A service `mesos:/<name>#0`. */
export function app(
  name: string,
  hostnames: readonly string[],
  { ports = [20_000], maxConnections }: AppOptions = {},
): Service {
  return makeService(`mesos:/${name}#0`, {
    endpoints: ports.map((port) => makeEndpoint(port)),
    routes: hostnames.map((hostname) => ({ hostnames: [hostname] })),
    ...(maxConnections === undefined ? {} : { traffic: { maxConnections } }),
  });
}
