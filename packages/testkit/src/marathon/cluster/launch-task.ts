import { chooseAgent } from './agents.ts';
import { announceChecks } from './announce-checks.ts';
import type { AppSpec } from './app.ts';
import { changeCondition, reportStatus } from './change-condition.ts';
import { startChecks } from './check-health.ts';
import type { Cluster } from './cluster.ts';
import { endTask } from './end-task.ts';
import type { Task } from './task.ts';
import { newInstanceId } from './task-id.ts';

/** How long to wait for the next offer when no agent fits. */
const offerIntervalMs = 100;

/** Adds one more instance of an app, on its way to `TASK_RUNNING`. */
export function launchTask(cluster: Cluster, spec: AppSpec, deploymentId: string | undefined): void {
  const { random, rules } = cluster.settings;
  const task: Task = {
    instanceId: newInstanceId(spec.id, random.ids.uuid(), rules.keepsInstances || spec.pod ? 'instance' : 'marathon'),
    spec,
    deploymentId,
    incarnation: 0,
    condition: 'Scheduled',
    wanted: true,
    ending: false,
    agent: undefined,
    ports: [],
    addresses: [],
    order: cluster.nextOrder(),
    stagedAt: undefined,
    startedAt: undefined,
    checks: [],
    ready: undefined,
    healthy: true,
    process: undefined,
    pending: new Set(),
  };
  cluster.addTask(task);
  scheduleTask(cluster, task);
}

/** Launches an instance for the first time, or again. */
export function scheduleTask(cluster: Cluster, task: Task): void {
  // Before 1.8 launches are not counted, and an instance has no second one.
  if (cluster.settings.rules.keepsInstances) task.incarnation += 1;
  task.healthy = task.spec.env.SIMULATOR_HEALTHY !== 'false';
  changeCondition(cluster, task, 'Scheduled');
  cluster.later(task, 0, () => placeTask(cluster, task));
}

async function placeTask(cluster: Cluster, task: Task): Promise<void> {
  const { settings } = cluster;
  const agent = chooseAgent(
    settings.agents,
    cluster.tasksOf(task.spec.id),
    task.spec.constraints,
    settings.random.placement,
  );
  const ports = agent && (await settings.launcher.allocatePorts(agent.address, hostPortWishes(task.spec)));
  if (agent === undefined || ports === undefined) {
    cluster.later(task, offerIntervalMs, () => placeTask(cluster, task));
    return;
  }
  task.agent = agent;
  task.ports = ports;
  task.stagedAt = settings.clock.timestamp();
  changeCondition(cluster, task, 'Provisioned');
  reportStatus(cluster, task, 'Staging');
  cluster.later(task, cluster.jitter(settings.timing.stagingMs), () => startTask(cluster, task));
}

/** A wish per declared port that asks for one on the agent, 0 for any. */
function hostPortWishes(spec: AppSpec): number[] {
  if (spec.mode === 'host' && spec.pod === undefined) {
    return spec.portDefinitions.map((definition) => (spec.requirePorts ? definition.port : 0));
  }
  return spec.portMappings.flatMap((mapping) => (mapping.hostPort === undefined ? [] : [mapping.hostPort]));
}

function startTask(cluster: Cluster, task: Task): void {
  task.addresses = [addressOf(cluster, task)];
  reportStatus(cluster, task, 'Starting');
  cluster.later(task, cluster.jitter(cluster.settings.timing.startingMs), () => runTask(cluster, task));
}

/** The address that Mesos reports for the task itself: in host mode the agent's, in bridge mode a private one that nobody can reach. */
function addressOf(cluster: Cluster, task: Task): string {
  if (task.spec.mode === 'host') return task.agent?.address ?? '';
  if (task.spec.mode === 'container') return cluster.settings.launcher.containerAddress();
  return `172.17.${(task.order >> 8) & 255}.${task.order & 255 || 1}`;
}

async function runTask(cluster: Cluster, task: Task): Promise<void> {
  try {
    task.process = await cluster.settings.launcher.launch(task);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    endTask(cluster, task, 'Failed', `Container exited with status 1: ${message}`);
    return;
  }
  task.process.setHealthy(task.healthy);
  task.startedAt = cluster.settings.clock.timestamp();
  reportStatus(cluster, task, 'Running');
  announceChecks(cluster, task);
  startChecks(cluster, task);
}
