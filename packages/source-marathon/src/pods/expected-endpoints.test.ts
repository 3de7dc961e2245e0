import { readFileSync } from 'node:fs';
import { silentLogger } from '@signalbox/core';
import { describe, expect, it } from 'vitest';
import { TaskLedger } from '../mapping/task-memory.ts';
import { Registry } from '../watch/registry.ts';
import { parsePod } from './parse-pod.ts';
import type { Pod } from './pod.ts';
import { podPortOf } from './pod-addresses.ts';
import { podKind } from './pod-kind.ts';
import { podServicesOf } from './pod-services.ts';

type Expected = Readonly<Record<string, { mode: string; instances: Record<string, unknown> }>>;

const file = 'pods-status-1.10.json';
const expected = (readFixture('expected-endpoints.json') as Record<string, Expected>)[file] as Expected;
const pods = new Map((readFixture(file) as unknown[]).map((value) => parsePod(value)).map((pod) => [pod.id, pod]));

describe(file, () => {
  it('lists the pods of the worked answers', () => {
    expect([...pods.keys()].sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('%s', (id, wanted) => {
    expect(describePod(pods.get(id) as Pod)).toEqual(wanted);
  });

  it('shows the same instances as services, and an unreachable one as draining', () => {
    const services = podServicesOf(pods.get('/pods/overlay') as Pod, {
      sourceId: 's',
      address: 'auto',
      memory: new TaskLedger(),
      nowMs: Date.parse('2020-03-01T12:00:00Z'),
      definitions: new Map(),
    }).services.map(({ id, endpoints }) => [
      id,
      endpoints.map(({ address, port, health, draining }) => [address, port, health, draining]),
    ]);
    expect(services).toEqual([
      [
        's:/pods/overlay#api',
        [
          ['9.0.2.131', 8080, 'healthy', undefined],
          ['9.0.5.131', 8080, 'healthy', true],
          ['9.0.3.131', 8080, 'unknown', undefined],
        ],
      ],
      [
        's:/pods/overlay#ext',
        [
          ['10.1.0.11', 31960, 'healthy', undefined],
          ['10.1.0.14', 31962, 'healthy', true],
          ['10.1.0.12', 31961, 'healthy', undefined],
        ],
      ],
    ]);
  });
});

describe('the samples of 1.5', () => {
  const list = (name: string): unknown => {
    const registry = new Registry(podKind, { sourceId: 's', address: 'auto', logger: silentLogger, now: Date.now });
    registry.applyAll(readFixture(name) as unknown[], 0);
    return registry.snapshot().services.map(({ id, endpoints }) => [id, endpoints.length]);
  };

  it('are read like those of later versions', () => {
    expect(list('pods-status-1.5.json')).toEqual([
      ['s:/pods/host#http', 2],
      ['s:/pods/host#admin', 2],
      ['s:/pods/host#metrics', 2],
      ['s:/pods/overlay#api', 1],
      ['s:/pods/overlay#ext', 1],
    ]);
  });

  it('include a pod without endpoints, which gives no service', () => {
    expect(list('pods-status-1.5-go-marathon.json')).toEqual([]);
  });
});

function describePod(pod: Pod): unknown {
  const { definition } = pod;
  return {
    mode: definition.mode,
    instances: Object.fromEntries(
      pod.instances.map((instance) => {
        const usable = instance.containers.every(({ state }) => state === 'TASK_RUNNING');
        const endpoints = definition.endpoints
          .map((endpoint) => {
            const container = instance.containers.find(({ name }) => name === endpoint.container);
            const port = podPortOf(endpoint, definition, instance, container);
            return {
              container: endpoint.container,
              endpoint: endpoint.name,
              host: port.host ?? null,
              containerAddress: port.container ?? null,
              healthy: container?.endpoints.get(endpoint.name)?.healthy ?? null,
            };
          })
          .sort((left, right) =>
            `${left.container} ${left.endpoint}` < `${right.container} ${right.endpoint}` ? -1 : 1,
          );
        return [instance.id, { usable, endpoints: usable ? endpoints : [] }];
      }),
    ),
  };
}

function readFixture(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8'));
}
