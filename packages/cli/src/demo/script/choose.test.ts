import { catalogOf, endpoint, service } from '@signalbox/testkit';
import type { TaskView } from '@signalbox/testkit/marathon';
import { expect, test } from 'vitest';
import { findDisagreement } from './agreement.ts';
import { busiestSpareableAgent, firstTaskOf } from './choose.ts';

function task(appId: string, agent: string, state = 'TASK_RUNNING'): TaskView {
  const id = `${appId}-${agent}`;
  return { id, instanceId: id, appId, agent, address: agent, ports: [31_000], version: '', healthy: true, state };
}

function clusterOf(...tasks: TaskView[]) {
  const agents = [...new Set(tasks.map(({ agent }) => agent))];
  return { agents, tasks: (appId?: string) => tasks.filter((each) => appId === undefined || each.appId === appId) };
}

test('the agent to lose is the busiest one that no app depends on', () => {
  const cluster = clusterOf(
    task('/a', '1'),
    task('/b', '1'),
    task('/only', '1'),
    task('/a', '2'),
    task('/b', '2'),
    task('/b', '3'),
  );
  expect(busiestSpareableAgent(cluster)).toEqual({ address: '2', tasks: 2 });
  expect(() => busiestSpareableAgent(clusterOf(task('/a', '1')))).toThrow('every app would lose all its tasks');
});

test('only a running task is chosen', () => {
  const cluster = clusterOf(task('/a', '1', 'TASK_KILLING'), task('/a', '2'));
  expect(firstTaskOf(cluster, '/a').agent).toBe('2');
  expect(() => firstTaskOf(cluster, '/b')).toThrow('none runs');
});

test('cluster and pipeline agree when every running task is an endpoint, and all is in force', () => {
  const cluster = clusterOf(task('/a', '1'), task('/a', '2'), task('/a', '3', 'TASK_KILLING'));
  const pipeline = (health: 'fresh' | 'stale', sink: 'in-sync' | 'failing', count: number) => ({
    catalog: catalogOf([
      service('/a', {
        endpoints: [...Array.from({ length: count }, (_, port) => endpoint({ port })), endpoint({ draining: true })],
      }),
    ]),
    status: {
      catalogVersion: 1,
      sources: { marathon: { health, services: 1, endpoints: 2, attempts: 0, holds: [], warnings: [] } },
      transforms: {},
      sinks: { haproxy: { health: sink, appliedVersion: 1, attempts: 0, warnings: [] } },
    },
  });
  expect(findDisagreement(cluster, pipeline('fresh', 'in-sync', 2))).toBeUndefined();
  expect(findDisagreement(cluster, pipeline('stale', 'in-sync', 2))).toBe('source marathon is stale');
  expect(findDisagreement(cluster, pipeline('fresh', 'failing', 2))).toBe('sink haproxy is failing');
  expect(findDisagreement(cluster, pipeline('fresh', 'in-sync', 1))).toBe('/a has 1 of 2 endpoints');
  expect(findDisagreement(clusterOf(), pipeline('fresh', 'in-sync', 1))).toBe('/a has 1 of 0 endpoints');
});
