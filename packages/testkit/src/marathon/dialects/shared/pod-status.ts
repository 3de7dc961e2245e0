import type { AppSpec } from '../../cluster/app.ts';
import { isPlaced, type Task } from '../../cluster/task.ts';
import { healthOfContainer, toContainerStatus } from './container-status.ts';
import type { Json } from './json.ts';

/** Where a pod's status says more from 1.9 on. */
export interface PodStatusWriter {
  readonly toPod: (spec: AppSpec) => Json;
  /** Fields of an instance besides those of 1.4. */
  readonly instanceFields: (task: Task) => Json;
}

/** `GET /v2/pods/{id}::status` (MS/raml/PodStatusConversion.scala); instances that were never placed are left out. */
export function toPodStatus(latest: AppSpec, tasks: readonly Task[], writer: PodStatusWriter, now: string): Json {
  const placed = tasks.filter(isPlaced);
  const stable = placed.filter((task) => statusOf(task) === 'STABLE').length;
  const since = placed.map((task) => task.startedAt ?? task.stagedAt ?? latest.version).sort();
  return {
    id: latest.id,
    spec: writer.toPod(latest),
    status: stable >= latest.instances ? 'STABLE' : 'DEGRADED',
    statusSince: since.at(-1) ?? latest.version,
    instances: placed.map((task) => toInstance(latest, task, writer)),
    terminationHistory: [],
    lastUpdated: now,
    lastChanged: since.at(-1) ?? latest.version,
  };
}

function toInstance(latest: AppSpec, task: Task, writer: PodStatusWriter): Json {
  const since = task.startedAt ?? task.stagedAt;
  const message = messageOf(task);
  const containers = task.spec.pod?.containers ?? [];
  return {
    id: task.instanceId,
    status: statusOf(task),
    statusSince: since,
    ...(message === undefined ? {} : { message }),
    conditions: [],
    agentHostname: task.agent?.address,
    resources: { cpus: 0.1 * (containers.length + 1), mem: 32 * (containers.length + 1), disk: 10, gpus: 0 },
    networks: toNetworks(task),
    containers: containers.map((container) => toContainerStatus(latest, task, container)),
    specReference: `/v2/pods${task.spec.id}::versions/${task.spec.version}`,
    lastUpdated: since,
    lastChanged: since,
    ...writer.instanceFields(task),
  };
}

/** A check that Mesos has not reported on makes an instance degraded, too: that is one which starts, and not one which fails. */
function isDegraded(task: Task): boolean {
  const healths = task.spec.pod?.containers.map(({ name }) => healthOfContainer(task, name)) ?? [];
  return healths.some((health) => health === false || health === 'unreported');
}

function statusOf(task: Task): string {
  switch (task.condition) {
    case 'Scheduled':
    case 'Provisioned':
      return 'PENDING';
    case 'Staging':
    case 'Starting':
      return 'STAGING';
    case 'Running':
      return isDegraded(task) ? 'DEGRADED' : 'STABLE';
    case 'Unreachable':
    case 'UnreachableInactive':
      return 'DEGRADED';
    default:
      return 'TERMINAL';
  }
}

function messageOf(task: Task): string | undefined {
  if (task.condition.startsWith('Unreachable')) return 'pod instance has become unreachable';
  return task.condition === 'Running' && isDegraded(task) ? 'at least one container is not healthy' : undefined;
}

/** In host mode the entry has no name and holds the agent's address. */
function toNetworks({ spec, addresses }: Task): Json[] {
  if (addresses.length === 0) return [];
  if (spec.mode === 'host') return [{ addresses }];
  if (spec.mode === 'container/bridge') return [{ name: 'mesos-bridge', addresses }];
  return spec.networks.map(({ name }, index) => ({ name, addresses: addresses.slice(index, index + 1) }));
}
