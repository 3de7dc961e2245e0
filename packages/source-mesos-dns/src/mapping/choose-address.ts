import { addressesOf, type RecordTable } from '../records/record-table.ts';
import type { TaskPort } from './ports.ts';

/** Which side of the network the balancer stands on. */
export type AddressPreference = 'auto' | 'agent' | 'task';

/**
 * Where a port can be reached; undefined when that is not known. Mesos-DNS pairs every port with the task's own address, which
 * is right for containers with an address and ports of their own, and wrong for ports of the agent that a bridge maps.
 */
export function chooseAddress(port: TaskPort, table: RecordTable, preference: AddressPreference): string | undefined {
  const agent = agentAddressOf(port, table);
  const [own] = addressesOf(table, `${port.instance.label}.${port.instance.framework}`);
  if (preference === 'agent') return port.onAgent ? agent : undefined;
  if (preference === 'task') return own ?? (port.onAgent ? agent : undefined);
  if (port.onAgent) return agent;
  // With `IPSources: ["host"]` a container's port is paired with its agent, where another program may have that port.
  return own === agent ? undefined : own;
}

export function agentAddressOf({ instance }: TaskPort, table: RecordTable): string | undefined {
  return addressesOf(table, `${instance.label}.${instance.framework}.slave`)[0];
}
