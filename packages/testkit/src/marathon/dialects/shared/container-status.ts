import type { AppSpec } from '../../cluster/app.ts';
import type { PodContainer, PodEndpoint } from '../../cluster/pod-definition.ts';
import { podPortsOf } from '../../cluster/pod-ports.ts';
import { checkedContainers } from '../../cluster/pod-spec.ts';
import type { CheckResult, Task } from '../../cluster/task.ts';
import { containerTaskId } from '../../cluster/task-id.ts';
import type { Json } from './json.ts';
import { toTaskState } from './task-state.ts';

/** What Mesos has said of the health of a container. */
export type ContainerHealth = 'unchecked' | 'unreported' | boolean;

/** A check that failed within its grace period only is not reported: Mesos keeps such failures to itself. */
export function healthOfContainer(task: Task, name: string): ContainerHealth {
  const result = resultOf(task, name);
  if (result === 'unchecked') return 'unchecked';
  const known = result?.firstSuccess !== undefined || result?.lastFailure !== undefined;
  return known ? result.alive : 'unreported';
}

/**
 * A container of an instance. Its endpoints are those of the latest definition, by name: what is not there any more has no endpoints
 * (MS/raml/PodStatusConversion.scala).
 */
export function toContainerStatus(latest: AppSpec, task: Task, container: PodContainer): Json {
  const since = task.startedAt ?? task.stagedAt;
  const health = healthOfContainer(task, container.name);
  const current = latest.pod?.containers.find(({ name }) => name === container.name);
  return {
    name: container.name,
    status: toTaskState(task.condition),
    statusSince: since,
    conditions: health === 'unchecked' ? [] : [toCondition(task, container.name, health)],
    ...(task.condition === 'UnreachableInactive' ? {} : { containerId: containerTaskId(task, container.name) }),
    endpoints: current === undefined ? [] : toEndpoints(task, current, health),
    resources: { cpus: 0.1, mem: 32, disk: 0, gpus: 0 },
    lastUpdated: since,
    lastChanged: since,
  };
}

/** "Not reported yet" is said to be not healthy. */
function toCondition(task: Task, name: string, health: Exclude<ContainerHealth, 'unchecked'>): Json {
  const result = resultOf(task, name);
  const time =
    (typeof result === 'object' && (result.lastSuccess ?? result.lastFailure)) || task.startedAt || task.stagedAt;
  return {
    name: 'healthy',
    lastChanged: time,
    lastUpdated: time,
    value: String(health === true),
    reason: health === 'unreported' ? 'health-unreported-by-mesos' : 'health-reported-by-mesos',
  };
}

/** Not in the order of the definition: those with a host port first, then those without, and the one that is checked at the end. */
function toEndpoints(task: Task, container: PodContainer, health: ContainerHealth): Json[] {
  const { endpoints = [], healthCheck } = container;
  const checked = healthCheck?.http?.endpoint ?? healthCheck?.tcp?.endpoint;
  const rank = ({ name, hostPort }: PodEndpoint) => (name === checked ? 2 : hostPort === undefined ? 1 : 0);
  const ports = podPortsOf(task);
  return [...endpoints]
    .sort((one, other) => rank(one) - rank(other))
    .map(({ name }) => ({
      name,
      ...(ports.has(name) ? { allocatedHostPort: ports.get(name) } : {}),
      ...(name === checked && typeof health === 'boolean' ? { healthy: health } : {}),
    }));
}

function resultOf(task: Task, name: string): CheckResult | 'unchecked' | undefined {
  const index =
    task.spec.pod === undefined ? -1 : checkedContainers(task.spec.pod).findIndex((each) => each.name === name);
  return index === -1 ? 'unchecked' : task.checks[index];
}
