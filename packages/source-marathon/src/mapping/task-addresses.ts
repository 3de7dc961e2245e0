import type { App, DeclaredPort, Task } from './app.ts';
import { isPort } from './read-fields.ts';

export interface PortAddress {
  readonly address: string;
  readonly port: number;
}

/** Where one declared port of one task can be reached. Both sides may be missing. */
export interface TaskPort {
  readonly host: PortAddress | undefined;
  readonly container: PortAddress | undefined;
}

/** Which side of the network the balancer stands on. */
export type AddressPreference = 'auto' | 'agent' | 'task';

/** One entry per declared port of the definition that the task was started from (`NetworkInfo.scala`, `computePortAssignments`). */
export function taskPortsOf(task: Task, definition: Pick<App, 'mode' | 'ports'>): TaskPort[] {
  let allocated = 0;
  return definition.ports.map((port) => {
    // `task.ports` holds only what was asked for: a mapping without host port does not take a place in it.
    const hostPort = port.hasHostPort ? task.ports[allocated++] : undefined;
    const host = task.host !== undefined && isPort(hostPort) ? { address: task.host, port: hostPort } : undefined;
    const container = definition.mode === 'container' ? containerSideOf(task, port, hostPort) : undefined;
    return { host, container };
  });
}

/** How many agent ports a task of this definition has been given. */
export function hostPortCountOf(definition: Pick<App, 'ports'>): number {
  return definition.ports.reduce((count, port) => count + (port.hasHostPort ? 1 : 0), 0);
}

export function chooseAddress(port: TaskPort, preference: AddressPreference): PortAddress | undefined {
  if (preference === 'agent') return port.host;
  return preference === 'task' ? (port.container ?? port.host) : (port.host ?? port.container);
}

/**
 * Only in container mode: `ipAddresses` is filled in host mode with the agent's own address and in bridge mode with one that
 * other hosts cannot reach. It may be missing for a moment after the start.
 */
function containerSideOf(task: Task, port: DeclaredPort, hostPort: number | undefined): PortAddress | undefined {
  const [address] = task.addresses;
  if (address === undefined || port.ambiguousNetwork) return undefined;
  const containerPort = port.containerPort === 0 ? hostPort : port.containerPort;
  return isPort(containerPort) ? { address, port: containerPort } : undefined;
}
