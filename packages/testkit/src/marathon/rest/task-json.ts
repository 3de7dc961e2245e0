import { type CheckResult, isPlaced, type Task, taskIdOf } from '../cluster/task.ts';
import type { Json } from './json.ts';
import { toTaskState } from './task-state.ts';

/** A task as 1.6 to 1.11 print it: absent values are left out, empty lists are not (MS/raml/TaskConversion.scala). */
export function toTaskJson(task: Task, options: { readonly servicePorts?: readonly number[] } = {}): Json {
  // A task that is not active any more has no times, version and ports.
  const active = task.condition !== 'UnreachableInactive';
  return {
    appId: task.spec.id,
    healthCheckResults: task.checks.map((check) => toHealthJson(task, check)),
    checkResult: checkResultOf(task),
    host: task.agent?.address,
    id: taskIdOf(task),
    ipAddresses: toAddressesJson(task),
    ports: active ? task.ports : [],
    servicePorts: options.servicePorts ?? [],
    slaveId: task.agent?.id,
    state: toTaskState(task.condition),
    stagedAt: active ? task.stagedAt : undefined,
    startedAt: active ? task.startedAt : undefined,
    version: active ? task.spec.version : undefined,
    localVolumes: [],
    region: task.agent?.region,
    zone: task.agent?.zone,
    role: task.spec.role,
  };
}

/** Instances without an agent are left out of every list since 1.8. */
export function listedTasks(tasks: readonly Task[]): Task[] {
  return tasks.filter(isPlaced);
}

export function toAddressesJson(task: Task): Json[] {
  return task.addresses.map((ipAddress) => ({ ipAddress, protocol: ipAddress.includes(':') ? 'IPv6' : 'IPv4' }));
}

function toHealthJson(task: Task, check: CheckResult): Json {
  return { ...check, instanceId: task.instanceId };
}

/** The result of the general check of Mesos (`check`, not `healthChecks`), which the simulator lets pass. */
function checkResultOf(task: Task): Json | undefined {
  const { check } = task.spec.definition;
  const isHttp = typeof check === 'object' && check !== null && 'http' in check;
  return isHttp && task.condition === 'Running' ? { http: { statusCode: 200 } } : undefined;
}

/** `tasksStaged` and so on (MS/core/appinfo/TaskCounts.scala). */
export function countTasks(tasks: readonly Task[]): Json {
  const count = (matches: (task: Task) => boolean) => tasks.filter(matches).length;
  return {
    tasksStaged: count((task) => ['Staging', 'Starting', 'Provisioned', 'Scheduled'].includes(task.condition)),
    tasksRunning: count((task) => task.condition === 'Running'),
    tasksHealthy: count((task) => task.checks.length > 0 && task.checks.every((check) => check.alive)),
    tasksUnhealthy: count((task) => task.checks.some((check) => !check.alive)),
  };
}
