import type { AppDefinition, Container, Network, PortMapping } from '../cluster/definition.ts';
import { SimulatorError } from '../error.ts';

/** What a version takes in a definition. */
export interface DefinitionLimits {
  /** Container networks, or an IP per task (0.14 and later). */
  readonly containerNetworks: boolean;
  /** Bridge networks without Docker (1.5 and later). */
  readonly mesosBridge: boolean;
  /** Checks made by Mesos over the network (1.4 and later). */
  readonly mesosChecks: boolean;
  /** 1.1 and later; versions before ignore them. */
  readonly readinessChecks: boolean;
  /** Whether the port that Marathon adds to an app without ports is called `default` (1.5 and later). */
  readonly namesDefaultPort: boolean;
}

/** The fields in which versions before 1.5 were told of ports and networks; 1.5 and later still take most of them. */
interface OldFields {
  readonly ports?: readonly number[];
  readonly ipAddress?: OldIpAddress | null;
  readonly container?: Container & { readonly docker?: OldDocker };
}

interface OldIpAddress {
  readonly networkName?: string;
  readonly discovery?: { readonly ports?: readonly OldDiscoveryPort[] };
}

type OldDiscoveryPort = Omit<PortMapping, 'containerPort'> & { readonly number: number };

interface OldDocker {
  readonly network?: string | null;
  readonly portMappings?: readonly PortMapping[] | null;
  readonly [field: string]: unknown;
}

/** Brings a definition in the form of any version into that of 1.5. What is said in an old field replaces what is said in the new one. */
export function readDefinition(definition: AppDefinition, limits: DefinitionLimits): AppDefinition {
  const { ports, ipAddress, readinessChecks, ...rest } = definition as AppDefinition & OldFields;
  const container = toContainer(rest.container as OldFields['container'], ipAddress);
  const networks = toNetworks(rest.container as OldFields['container'], ipAddress) ?? rest.networks;
  const isHost = networks === undefined || networks.length === 0 || networks[0]?.mode === 'host';
  const defaultPort = limits.namesDefaultPort ? undefined : [{ port: 0 }];
  const portDefinitions =
    ports?.map((port) => ({ port })) ?? rest.portDefinitions ?? (isHost ? defaultPort : undefined);
  const read: AppDefinition = {
    ...rest,
    ...(container === undefined ? {} : { container }),
    ...(networks === undefined ? {} : { networks }),
    ...(portDefinitions === undefined ? {} : { portDefinitions }),
    ...(readinessChecks === undefined || !limits.readinessChecks ? {} : { readinessChecks }),
  };
  refuseUnknown(read, limits);
  return read;
}

function toNetworks(container: OldFields['container'], ipAddress: OldFields['ipAddress']): Network[] | undefined {
  const network = container?.docker?.network;
  if (network === 'BRIDGE') return [{ mode: 'container/bridge' }];
  if (network === 'USER' || ipAddress) return [{ mode: 'container', name: ipAddress?.networkName ?? 'default' }];
  return network === 'HOST' ? [{ mode: 'host' }] : undefined;
}

function toContainer(container: OldFields['container'], ipAddress: OldFields['ipAddress']): Container | undefined {
  if (container?.docker?.portMappings || container?.docker?.network) {
    const { network: _, portMappings, ...docker } = container.docker;
    return { ...container, docker, ...(portMappings ? { portMappings } : {}) };
  }
  const announced = ipAddress?.discovery?.ports;
  if (announced === undefined) return container;
  return { ...container, portMappings: announced.map(({ number, ...port }) => ({ containerPort: number, ...port })) };
}

function refuseUnknown(definition: AppDefinition, limits: DefinitionLimits): void {
  const refuse = (path: string, error: string) => {
    throw new SimulatorError('DEFINITION_INVALID', 'Object is not valid', { problems: [{ path, errors: [error] }] });
  };
  const [network] = definition.networks ?? [];
  const mode = network === undefined ? 'host' : (network.mode ?? 'container');
  if (mode === 'container' && !limits.containerNetworks) refuse('/networks', 'this version has no container networks');
  if (mode === 'container/bridge' && !limits.mesosBridge && definition.container?.type !== 'DOCKER') {
    refuse('/container/type', 'this version bridges containers of the type DOCKER only');
  }
  if (!limits.mesosChecks && definition.healthChecks?.some(({ protocol }) => protocol?.startsWith('MESOS_'))) {
    refuse('/healthChecks', 'this version has no checks of the kind MESOS_HTTP, MESOS_HTTPS or MESOS_TCP');
  }
}
