import type { Task } from '../../cluster/task.ts';
import { taskIdOf } from '../../cluster/task-id.ts';
import { toAddresses } from '../shared/addresses.ts';
import type { Json } from '../shared/json.ts';
import { toTaskState } from '../shared/task-state.ts';

/** A task as 1.9 to 1.11 print it: absent values are left out, empty lists are not (MS/raml/TaskConversion.scala). */
export function toTask(task: Task): Json {
  // A task that is not active any more has no times, version and ports.
  const active = task.condition !== 'UnreachableInactive';
  return {
    appId: task.spec.id,
    healthCheckResults: task.checks.map((check) => ({ ...check, instanceId: task.instanceId })),
    checkResult: checkResultOf(task),
    host: task.agent?.address,
    id: taskIdOf(task),
    ipAddresses: toAddresses(task),
    ports: active ? task.ports : [],
    servicePorts: [],
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

/** The result of the general check of Mesos (`check`, not `healthChecks`), which the simulator lets pass. */
function checkResultOf(task: Task): Json | undefined {
  const { check } = task.spec.definition;
  const isHttp = typeof check === 'object' && check !== null && 'http' in check;
  return isHttp && task.condition === 'Running' ? { http: { statusCode: 200 } } : undefined;
}
