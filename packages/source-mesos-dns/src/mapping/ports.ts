import type { RecordTable } from '../records/record-table.ts';
import { parseServiceName, type ServiceName } from '../records/service-name.ts';

/** One task as its own name in DNS tells it from others: `web-dgedz-s0`, of the task id and the agent. */
export interface Instance {
  readonly label: string;
  readonly framework: string;
  /** What its SRV records point to; the key of what else is known about it. */
  readonly target: string;
}

/** One port of one task. */
export interface TaskPort {
  readonly instance: Instance;
  readonly number: number;
  readonly protocol: 'tcp' | 'udp';
  readonly appProtocol: 'http' | 'https' | undefined;
  readonly portName: string | undefined;
  readonly task: string;
  /** Whether the task holds this port on its agent. */
  readonly onAgent: boolean;
}

/** Every port that a task announces, once. Ports on the agent that it does not announce are not among them. */
export function listTaskPorts(table: RecordTable): readonly TaskPort[] {
  const names = [...table.services].flatMap(([name, targets]) => {
    const parsed = parseServiceName(name, table.domain);
    return parsed === undefined ? [] : [{ parsed, targets }];
  });
  const agentPorts = new Set<string>();
  for (const { parsed, targets } of names) {
    if (parsed.view !== 'agent') continue;
    for (const { target, port } of targets) agentPorts.add(`${target} ${port}`);
  }
  const ports: TaskPort[] = [];
  for (const { parsed, targets } of names) {
    if (parsed.view !== 'task') continue;
    for (const { target, port } of targets) {
      const found = readInstance(target, parsed, table.domain);
      if (found === undefined) continue;
      const { instance, announcesNothing } = found;
      const agentTarget = `${instance.label}.${instance.framework}.slave.${table.domain}`;
      const onAgent = announcesNothing || agentPorts.has(`${agentTarget} ${port}`);
      for (const protocol of protocolsOf(parsed.protocol)) {
        // Of a task without DiscoveryInfo every port is listed for both protocols, because nobody said which it is.
        if (announcesNothing && protocol === 'udp') continue;
        const appProtocol = appProtocolOf(parsed);
        ports.push({
          instance,
          number: port,
          protocol,
          appProtocol,
          portName: parsed.portName,
          task: parsed.task,
          onAgent,
        });
      }
    }
  }
  return withoutSeconds(ports);
}

/** Named ports are listed under the name of the task alone as well. */
function withoutSeconds(ports: readonly TaskPort[]): readonly TaskPort[] {
  const keyOf = ({ instance, number, protocol }: TaskPort): string => `${instance.target} ${number} ${protocol}`;
  const named = new Set(ports.filter(({ portName }) => portName !== undefined).map(keyOf));
  const seen = new Set<string>();
  return ports.filter((port) => {
    if (port.portName === undefined && named.has(keyOf(port))) return false;
    const key = `${keyOf(port)} ${port.portName}`;
    return !seen.has(key) && seen.add(key);
  });
}

function readInstance(
  target: string,
  { framework }: ServiceName,
  domain: string,
): { readonly instance: Instance; readonly announcesNothing: boolean } | undefined {
  const dot = target.indexOf('.');
  const [label, parent] = [target.slice(0, dot), target.slice(dot + 1)];
  const own = `${framework}.${domain}`;
  // The scheduler's own record (`_framework._tcp`) points to the framework, and that of no instance.
  if (dot <= 0 || (parent !== own && parent !== `${framework}.slave.${domain}`)) return undefined;
  return { instance: { label, framework, target: `${label}.${own}` }, announcesNothing: parent !== own };
}

/** `udp,tcp` in one string is `udptcp` for Mesos-DNS; protocols that are not of the transport layer run over TCP. */
function protocolsOf(text: string): readonly ('tcp' | 'udp')[] {
  if (text === 'udptcp' || text === 'tcpudp') return ['tcp', 'udp'];
  return text === 'udp' ? ['udp'] : ['tcp'];
}

function appProtocolOf({ portName, protocol }: ServiceName): 'http' | 'https' | undefined {
  const [found] = [protocol, portName].filter((text) => text === 'http' || text === 'https');
  return protocol === 'udp' ? undefined : (found as 'http' | 'https' | undefined);
}
