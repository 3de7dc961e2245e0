import type { MesosState, MesosStatus, MesosTask } from '../cluster/mesos-state.ts';

/** Where Mesos-DNS looks for the address of a task; the first that has any wins, with all that it has. */
export type IpSource = 'host' | 'netinfo' | 'mesos' | 'docker';

export const defaultIpSources: readonly IpSource[] = ['netinfo', 'mesos', 'host'];

/** `IP:PORT` of a `name@IP:PORT`, with an IPv6 address in brackets. */
export function splitPid(pid: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /@\[?(.*?)\]?:(\d+)$/.exec(pid) ?? [];
  return { host, port: Number(port) };
}

export function agentAddressOf(state: MesosState, agentId: string): string | undefined {
  const agent = state.slaves.find(({ id }) => id === agentId);
  return agent === undefined ? undefined : splitPid(agent.pid).host;
}

export function taskAddressesOf(
  task: MesosTask,
  agentAddress: string,
  sources: readonly IpSource[],
): readonly string[] {
  const [status] = task.statuses
    .filter(({ state }) => state === 'TASK_RUNNING')
    .sort((left, right) => right.timestamp - left.timestamp);
  for (const source of sources) {
    const found = source === 'host' ? [agentAddress] : addressesOf(source, status);
    if (found.length > 0) return found;
  }
  return [];
}

function addressesOf(source: Exclude<IpSource, 'host'>, status: MesosStatus | undefined): readonly string[] {
  if (source === 'netinfo') {
    return (status?.container_status?.network_infos ?? []).flatMap(({ ip_addresses = [], ip_address }) => [
      ...ip_addresses.flatMap((entry) => entry.ip_address ?? []),
      ...(ip_address === undefined ? [] : [ip_address]),
    ]);
  }
  const key = source === 'mesos' ? 'MesosContainerizer.NetworkSettings.IPAddress' : 'Docker.NetworkSettings.IPAddress';
  return (status?.labels ?? []).flatMap((label) => (label.key === key ? (label.value ?? []) : []));
}
