import type { Endpoint, Service, Warning } from '@signalbox/core';
import type { TaskIdentity } from '../records/parse-enumerate.ts';
import type { RecordTable } from '../records/record-table.ts';
import { type AddressPreference, agentAddressOf, chooseAddress } from './choose-address.ts';
import { listTaskPorts, type TaskPort } from './ports.ts';

export interface MappingOptions {
  readonly sourceId: string;
  readonly address: AddressPreference;
  /** Names as in DNS: lower case. Undefined for all. */
  readonly frameworks: ReadonlySet<string> | undefined;
  /** By `TaskPort.instance.target`; what is known of it. */
  readonly tasks: ReadonlyMap<string, TaskIdentity>;
}

/** One service per port of each task name, sorted by id, each with its endpoints sorted by theirs. */
export function mapServices(table: RecordTable, options: MappingOptions): Mapped {
  const warnings: Warning[] = [];
  const services = groupPorts(table, options).map(({ id, key, ports }) => {
    const service = mapService(id, key, ports, table, options);
    const missing = ports.length - service.endpoints.length;
    if (missing > 0 && options.address === 'auto') {
      const message = `${missing} of ${ports.length} endpoints are left out: Mesos-DNS has no address of the task itself for a port that is none of its agent; "IPSources" should begin with "netinfo"`;
      warnings.push({ service: id, message });
    }
    return service;
  });
  return { services, warnings };
}

export interface Mapped {
  readonly services: readonly Service[];
  readonly warnings: readonly Warning[];
}

interface PortGroup {
  readonly id: string;
  readonly key: PortKey;
  readonly ports: TaskPort[];
}

function groupPorts(table: RecordTable, options: MappingOptions): readonly PortGroup[] {
  const groups = new Map<string, PortGroup>();
  for (const { port, key } of nameUnnamed(listTaskPorts(table))) {
    if (options.frameworks?.has(port.instance.framework) === false) continue;
    const id = `${options.sourceId}:${port.task}.${port.instance.framework}#${key.text}`;
    const group = groups.get(id) ?? { id, key, ports: [] };
    group.ports.push(port);
    groups.set(id, group);
  }
  return [...groups.values()].sort((left, right) => compare(left.id, right.id));
}

/** What stands behind `#` in the id of a service. */
interface PortKey {
  readonly text: string;
  readonly index: number | undefined;
}

/**
 * A port without a name is known by its place among those of its task and protocol, by number. With one of them that is
 * certain; with more it is a guess, because Mesos-DNS does not keep their order.
 */
function nameUnnamed(ports: readonly TaskPort[]): { readonly port: TaskPort; readonly key: PortKey }[] {
  const unnamed = new Map<string, number[]>();
  const groupOf = ({ instance, protocol }: TaskPort): string => `${instance.target} ${protocol}`;
  for (const port of ports) {
    if (port.portName !== undefined) continue;
    unnamed.set(
      groupOf(port),
      [...(unnamed.get(groupOf(port)) ?? []), port.number].sort((left, right) => left - right),
    );
  }
  return ports.map((port) => {
    const index = port.portName === undefined ? unnamed.get(groupOf(port))?.indexOf(port.number) : undefined;
    // Always, so that the id of a service does not depend on whether there is one for TCP besides.
    const suffix = port.protocol === 'udp' ? '/udp' : '';
    return { port, key: { text: `${port.portName ?? index}${suffix}`, index } };
  });
}

function mapService(
  id: string,
  { index }: PortKey,
  ports: readonly TaskPort[],
  table: RecordTable,
  options: MappingOptions,
): Service {
  const [first] = ports as [TaskPort, ...TaskPort[]];
  const { task, protocol, portName, instance } = first;
  const appProtocol = ports
    .map((port) => port.appProtocol)
    .sort()
    .find((text) => text !== undefined);
  return {
    id,
    name: `${task}.${instance.framework}`,
    protocol,
    ...(appProtocol !== undefined && { appProtocol }),
    endpoints: mapEndpoints(ports, table, options),
    labels: {},
    metadata: {
      framework: instance.framework,
      task,
      ...(portName === undefined ? { portIndex: String(index) } : { portName }),
    },
  };
}

function mapEndpoints(ports: readonly TaskPort[], table: RecordTable, options: MappingOptions): Endpoint[] {
  const counts = new Map<string, number>();
  for (const { instance } of ports) counts.set(instance.label, (counts.get(instance.label) ?? 0) + 1);
  return ports
    .flatMap((port): Endpoint[] => {
      const address = chooseAddress(port, table, options.address);
      if (address === undefined) return [];
      const { label, target } = port.instance;
      const agent = agentAddressOf(port, table);
      const task = options.tasks.get(target);
      return [
        {
          // A task may have two ports of one name.
          id: counts.get(label) === 1 ? label : `${label}:${port.number}`,
          address,
          port: port.number,
          health: 'unknown',
          metadata: {
            ...(agent !== undefined && { agent }),
            ...(task !== undefined && { taskId: task.id, taskName: task.name }),
          },
        },
      ];
    })
    .sort((left, right) => compare(left.id, right.id));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
