import { createServer } from 'node:net';
import { listen, stopListening } from '../../ports/listen.ts';
import type { AppSpec } from '../cluster/app.ts';
import type { Task } from '../cluster/task.ts';
import type { TaskLauncher } from '../cluster/task-process.ts';
import type { AddressBlock } from './address-block.ts';
import { launchLiveTask, type TaskListener } from './live-task.ts';
import { createPortAllocator } from './port-allocator.ts';

/** Tasks that are real servers on the addresses of their agents, or in container mode on their own. */
export function createLiveLauncher(block: AddressBlock): TaskLauncher {
  const ports = createPortAllocator();
  return {
    allocatePorts: (agentAddress, wishes) =>
      ports.allocate(agentAddress, wishes, (port) => canListen(agentAddress, port)),
    releasePorts: ports.release,
    containerAddress: block.containerAddress,
    launch: (task) => launchLiveTask(task, listenersOf(task)),
  };
}

async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listen(server, { host, port });
  } catch {
    return false;
  }
  await stopListening(server);
  return true;
}

/** Where a task listens: on its host ports, and in container mode on its own address with the container's ports. */
function listenersOf(task: Task): TaskListener[] {
  const { spec } = task;
  const agent = task.agent?.address ?? '';
  if (spec.mode === 'host' && spec.pod === undefined) {
    return spec.portDefinitions.flatMap(({ protocol }, index) =>
      protocol === 'udp' ? [] : [{ host: agent, port: task.ports[index] ?? 0, kind: kindOf(spec, index) }],
    );
  }
  const own = task.addresses[0] ?? '';
  let hostPorts = 0;
  return spec.portMappings.flatMap((mapping, index) => {
    const hostPort = mapping.hostPort === undefined ? undefined : task.ports[hostPorts++];
    if (mapping.protocol === 'udp') return [];
    const kind = kindOf(spec, index);
    const listeners: TaskListener[] = hostPort === undefined ? [] : [{ host: agent, port: hostPort, kind }];
    const containerPort = mapping.containerPort || hostPort;
    if (spec.mode === 'container' && containerPort) listeners.push({ host: own, port: containerPort, kind });
    return listeners;
  });
}

/** A port whose health checks are all TCP speaks plain TCP, every other one HTTP. */
function kindOf(spec: AppSpec, portIndex: number): TaskListener['kind'] {
  const checks = spec.healthChecks.filter((check) => check.port === undefined && check.portIndex === portIndex);
  return checks.length > 0 && checks.every((check) => check.protocol?.endsWith('TCP')) ? 'tcp' : 'http';
}
