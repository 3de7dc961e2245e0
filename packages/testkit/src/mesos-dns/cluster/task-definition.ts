import type { MesosTask } from './mesos-state.ts';

/** A task as a framework would launch it. */
export interface TaskDefinition {
  /** `/shop/web` of Marathon is `web.shop` in Mesos. */
  readonly name: string;
  /** Default a new one. */
  readonly id?: string;
  /** Default `marathon`; created when there is none of this name. */
  readonly framework?: string;
  /** Which agent, counted from 0. Default the next in turn. */
  readonly agent?: number;
  /** Ports of the agent that the task holds. */
  readonly hostPorts?: readonly number[];
  /**
   * What its framework says about its ports. Default each of `hostPorts`, without a name, for TCP; `none` for a framework that
   * says nothing, as Chronos.
   */
  readonly ports?: readonly DiscoveredPort[] | 'none';
  /** Addresses of its container. Default that of the agent. */
  readonly addresses?: readonly string[];
}

export interface DiscoveredPort {
  readonly number: number;
  readonly name?: string;
  /** Free text; `udp,tcp` is one word for Mesos-DNS. */
  readonly protocol?: string;
}

export interface Placement {
  readonly id: string;
  readonly agentId: string;
  readonly agentAddress: string;
}

export function describeTask(definition: TaskDefinition, { id, agentId, agentAddress }: Placement): MesosTask {
  const { name, hostPorts = [], ports = hostPorts.map((number) => ({ number, protocol: 'tcp' })) } = definition;
  const addresses = definition.addresses ?? [agentAddress];
  return {
    id,
    name,
    slave_id: agentId,
    state: 'TASK_RUNNING',
    resources: hostPorts.length === 0 ? {} : { ports: `[${hostPorts.map((port) => `${port}-${port}`).join(', ')}]` },
    statuses: [
      {
        state: 'TASK_RUNNING',
        timestamp: 1_600_000_000,
        container_status: { network_infos: [{ ip_addresses: addresses.map((ip_address) => ({ ip_address })) }] },
      },
    ],
    ...(ports !== 'none' && { discovery: { name, ports: { ports } } }),
  };
}
