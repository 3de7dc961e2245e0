import { type Service, silentLogger } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { appKind } from '../mapping/app-kind.ts';
import { Registry } from './registry.ts';

type AppRegistry = ReturnType<typeof createRegistry>;

function createRegistry() {
  return new Registry(appKind, { sourceId: 's', address: 'auto', logger: silentLogger, now: () => 1_000_000 });
}

function app(id: string, ports: readonly number[], more: object = {}): Record<string, unknown> {
  return {
    id,
    version: 'v',
    instances: ports.length,
    portDefinitions: [{ port: 10_000, name: 'http' }],
    tasks: ports.map((port) => ({ id: `${id}.${port}`, state: 'TASK_RUNNING', host: 'agent', ports: [port] })),
    ...more,
  };
}

function list(registry: AppRegistry): readonly Service[] {
  return [...registry.snapshot().services];
}

describe('a full answer', () => {
  it('leaves what it does not change as the same objects, and knows that nothing changed', () => {
    const registry = createRegistry();
    registry.applyAll([app('/b', [1]), app('/a', [2])], 0);
    const before = list(registry);
    expect(before.map(({ id }) => id)).toEqual(['s:/a#http', 's:/b#http']);
    registry.applyAll([app('/a', [2]), app('/b', [1])], 0);
    expect(registry.changed).toBe(false);
    registry.applyAll([app('/a', [2]), app('/b', [3])], 0);
    expect(registry.changed).toBe(true);
    const after = list(registry);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(before[1]?.endpoints[0]?.port).toBe(1);
  });

  it('reports known apps that it does not list, but none when one of its apps has no id', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1]), app('/b', [1])], 0);
    expect(registry.applyAll([app('/a', [1])], 0)).toEqual(['/b']);
    expect(registry.applyAll([app('/a', [1]), { id: null }], 0)).toEqual([]);
  });

  it('is refused when none of its apps can be read', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1])], 0);
    expect(() => registry.applyAll([{ id: '/a', instances: 'x' }], 0)).toThrow('"instances" is not a number');
    expect(list(registry)).toHaveLength(1);
  });
});

describe('snapshots', () => {
  it('never change after they were given out', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1, 2])], 0);
    const { services, intended } = registry.snapshot();
    registry.noteTaskState('/a', '/a.1', 'TASK_KILLED', 't');
    registry.refresh('/a');
    expect([...services][0]?.endpoints).toHaveLength(2);
    expect(intended?.has('s:/a#http')).toBe(true);
    const next = registry.snapshot();
    expect([...next.services][0]?.endpoints).toHaveLength(1);
    expect(next.intended?.has('s:/a#http')).toBe(false);
  });
});

describe('intended losses', () => {
  const intended = (registry: AppRegistry): string[] => [...(registry.snapshot().intended ?? [])];

  it('are those of services with as many endpoints as asked for', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1]), app('/b', [1], { instances: 2 }), app('/c', [])], 0);
    expect(intended(registry)).toEqual(['s:/a#http', 's:/c#http']);
  });

  it('are those of a removal that was stated, until the app exists again', () => {
    const registry = createRegistry();
    const short = { instances: 2 };
    registry.applyAll([app('/a', [1], short), app('/b', [1], short)], 0);
    registry.remove('/a', true);
    registry.remove('/b', false);
    expect(intended(registry)).toEqual(['s:/a#http']);
    registry.applyAll([app('/a', [1], short)], 0);
    expect(intended(registry)).toEqual([]);
  });

  it('are those of a removal that an event announced', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1], { instances: 2 })], 0);
    registry.noteDeletion('/a');
    registry.remove('/a', false);
    expect(intended(registry)).toEqual(['s:/a#http']);
  });

  it('are those of a port that the app no longer declares', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1], { instances: 2 })], 0);
    registry.applyOne('/a', app('/a', [1], { instances: 2, portDefinitions: [{ port: 1, name: 'web' }] }), 0);
    expect(list(registry).map(({ id }) => id)).toEqual(['s:/a#web']);
    expect(intended(registry)).toEqual(['s:/a#http']);
  });
});

describe('a task that an event declared ended', () => {
  it('stays out when an equal answer says again that it runs', () => {
    const registry = createRegistry();
    registry.applyAll([app('/a', [1, 2])], 0);
    expect(registry.noteTaskState('/a', '/a.1', 'TASK_FAILED', 't')).toBe('out');
    registry.applyAll([app('/a', [1, 2])], 1_000_500);
    expect(list(registry)[0]?.endpoints.map(({ id }) => id)).toEqual(['/a.2']);
    registry.applyAll([app('/a', [1, 2])], 1_060_000);
    expect(list(registry)[0]?.endpoints).toHaveLength(2);
  });
});
