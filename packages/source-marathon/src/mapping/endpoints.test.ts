import { readFileSync } from 'node:fs';
import type { Endpoint } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import type { App } from './app.ts';
import { type EndpointsContext, endpointsOf } from './endpoints.ts';
import { parseApp, parseDefinition } from './parse-app.ts';
import { TaskLedger } from './task-memory.ts';

const nowMs = Date.parse('2020-03-02T10:00:00.000Z');
const startedLongAgo = '2020-03-01T00:00:00.000Z';

function app(tasks: Record<string, unknown>[], more: Record<string, unknown> = {}): App {
  return parseApp({
    id: '/web',
    version: 'v2',
    instances: tasks.length,
    portDefinitions: [{ port: 10_000 }],
    tasks: tasks.map((task) => ({ host: 'agent', ports: [31_000], state: 'TASK_RUNNING', version: 'v2', ...task })),
    ...more,
  }).app;
}

const withCheck = { healthChecks: [{ protocol: 'HTTP', gracePeriodSeconds: 60 }] };
const good = [{ alive: true, lastSuccess: startedLongAgo }];
const bad = [{ alive: false, lastFailure: startedLongAgo }];

function context(memory = new TaskLedger(), more: Partial<EndpointsContext> = {}): EndpointsContext {
  return { address: 'auto', memory, nowMs, ...more };
}

function healthOf(endpoints: readonly Endpoint[] | undefined): Record<string, string> {
  return Object.fromEntries((endpoints ?? []).map(({ id, health }) => [id, health]));
}

describe('task states', () => {
  it.each([
    ['TASK_STAGING', []],
    ['TASK_STARTING', []],
    ['TASK_RUNNING', [undefined]],
    ['TASK_KILLING', [true]],
    ['TASK_UNREACHABLE', [true]],
    ['TASK_LOST', []],
    ['TASK_KILLED', []],
    ['TASK_UNKNOWN', []],
    ['TASK_OF_TOMORROW', []],
  ])('%s', (state, draining) => {
    const { byPort } = endpointsOf(app([{ id: 'a', state }]), context());
    expect(byPort[0]?.map((endpoint) => endpoint.draining)).toEqual(draining);
  });

  it('an unreachable task without ports has nothing to drain', () => {
    const { byPort } = endpointsOf(app([{ id: 'a', state: 'TASK_UNREACHABLE', ports: [] }]), context());
    expect(byPort).toEqual([[]]);
  });
});

describe('health', () => {
  it('is healthy without checks, and else what the results say', () => {
    expect(healthOf(endpointsOf(app([{ id: 'a' }]), context()).byPort[0])).toEqual({ a: 'healthy' });
    const tasks = [
      { id: 'a', healthCheckResults: good },
      { id: 'b', healthCheckResults: bad },
      { id: 'c', healthCheckResults: [...good, ...bad] },
    ];
    const { byPort } = endpointsOf(app(tasks, withCheck), context());
    expect(healthOf(byPort[0])).toEqual({ a: 'healthy', b: 'unhealthy', c: 'unhealthy' });
  });

  it('keeps the last verdict of a task whose results are gone', () => {
    const memory = new TaskLedger();
    const results = [good, bad];
    const tasks = (known: boolean): Record<string, unknown>[] =>
      results.map((result, index) => ({
        id: `t${index}`,
        startedAt: startedLongAgo,
        healthCheckResults: known ? result : [],
      }));
    endpointsOf(app(tasks(true), withCheck), context(memory));
    const { byPort } = endpointsOf(app(tasks(false), withCheck), context(memory));
    expect(healthOf(byPort[0])).toEqual({ t0: 'healthy', t1: 'unhealthy' });
  });

  it('offers an old task that was never judged as unknown', () => {
    const { byPort } = endpointsOf(app([{ id: 'a', startedAt: startedLongAgo }], withCheck), context());
    expect(healthOf(byPort[0])).toEqual({ a: 'unknown' });
  });

  it('holds a young task back until it has a verdict or its grace period is over', () => {
    const memory = new TaskLedger();
    const young = app(
      [{ id: 'a', startedAt: '2020-03-02T09:59:50.000Z', healthCheckResults: [{ alive: false }] }],
      withCheck,
    );
    const held = endpointsOf(young, context(memory));
    expect(held.byPort).toEqual([[]]);
    expect(held.reviewAtMs).toBe(nowMs + 50_000);
    const later = endpointsOf(young, context(memory, { nowMs: nowMs + 50_000 }));
    expect(healthOf(later.byPort[0])).toEqual({ a: 'unknown' });
    expect(later).not.toHaveProperty('reviewAtMs');
  });

  it('does not hold a task back for ever when the clock of Marathon is ahead', () => {
    const memory = new TaskLedger();
    const ahead = app([{ id: 'a', startedAt: '2020-03-03T10:00:00.000Z' }], withCheck);
    expect(endpointsOf(ahead, context(memory)).reviewAtMs).toBe(nowMs + 60_000);
  });

  it('survives a change of leader: the sample before and after gives equal endpoints', () => {
    const memory = new TaskLedger();
    const read = (name: string): unknown => {
      const { apps } = readFixture(name) as { apps: unknown[] };
      return apps.map((value) => endpointsOf(parseApp(value).app, context(memory)).byPort);
    };
    const before = read('apps-1.10-embed.json');
    expect(JSON.stringify(before)).toContain('unhealthy');
    expect(read('apps-1.10-leader-failover.json')).toEqual(before);
  });
});

describe('readiness', () => {
  const deploying = { readinessChecks: [{ name: 'r' }], deployments: [{ id: 'd' }] };
  const ids = (found: ReturnType<typeof endpointsOf>): string[] => found.byPort[0]?.map(({ id }) => id) ?? [];

  it('leaves out new tasks without a good result, while a deployment runs', () => {
    const tasks = [{ id: 'new' }, { id: 'old', version: 'v1' }, { id: 'bad' }, { id: 'good' }];
    const readinessCheckResults = [
      { taskId: 'good', ready: true },
      { taskId: 'bad', ready: false },
    ];
    expect(ids(endpointsOf(app(tasks, { ...deploying, readinessCheckResults }), context()))).toEqual(['good', 'old']);
    expect(ids(endpointsOf(app(tasks, { ...deploying, deployments: [] }), context()))).toHaveLength(4);
  });

  it('remembers a ready task when a change of leader loses the results', () => {
    const memory = new TaskLedger();
    const results = { readinessCheckResults: [{ taskId: 'a', ready: true }] };
    endpointsOf(app([{ id: 'a' }], { ...deploying, ...results }), context(memory));
    expect(ids(endpointsOf(app([{ id: 'a' }], deploying), context(memory)))).toEqual(['a']);
  });
});

describe('tasks of another version', () => {
  const { apps } = readFixture('apps-1.10-mixed-versions.json') as { apps: unknown[] };
  const mixed = parseApp(apps[0]).app;
  const old = '2020-03-01T07:00:00.000Z';
  const counts = (definitions?: EndpointsContext['definitions']): unknown => {
    const found = endpointsOf(mixed, context(new TaskLedger(), definitions ? { definitions } : {}));
    return [found.byPort.map((endpoints) => endpoints.length), found.missingVersions];
  };

  it('ask for their own definition when the number of ports does not fit', () => {
    expect(counts()).toEqual([[3, 1], [old]]);
  });

  it('are read by it', () => {
    const definition = parseDefinition(readFixture('app-version-1.10.json'));
    expect(counts(new Map([[old, definition]]))).toEqual([[3, 1], []]);
  });

  it('get as many ports as fit when it is gone', () => {
    expect(counts(new Map([[old, null]]))).toEqual([[3, 1], []]);
  });

  it('are matched by port name where the order changed', () => {
    const swapped = parseDefinition({
      id: '/web',
      instances: 1,
      portDefinitions: [
        { name: 'admin', port: 1 },
        { name: 'debug', port: 3 },
        { name: 'web', port: 2 },
      ],
    });
    const present = app([{ id: 'a', version: 'v1', ports: [1001, 1002, 1003] }], {
      portDefinitions: [
        { name: 'web', port: 2 },
        { name: 'new', port: 4 },
      ],
    });
    const { byPort } = endpointsOf(present, context(new TaskLedger(), { definitions: new Map([['v1', swapped]]) }));
    expect(byPort.map((endpoints) => endpoints.map(({ port }) => port))).toEqual([[1003], []]);
  });
});

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
}
