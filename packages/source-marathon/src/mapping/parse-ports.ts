import type { DeclaredPort, NetworkMode } from './app.ts';
import { arrayOf, isObject, type JsonObject, labelsOf, objectOf, portOf, ShapeError, textOf } from './read-fields.ts';

/** The same decision as Marathon's own and marathon-lb's `get_app_networking_mode`: the first that matches wins. */
export function networkModeOf(app: JsonObject): NetworkMode {
  const network = arrayOf(app.networks).find(isObject);
  if (network !== undefined) {
    const mode = textOf(network.mode) ?? 'container';
    if (mode !== 'host' && mode !== 'container' && mode !== 'container/bridge') {
      throw new ShapeError(`the network mode "${mode}" is not known`);
    }
    return mode;
  }
  const dockerNetwork = textOf(objectOf(objectOf(app.container)?.docker)?.network);
  if (dockerNetwork === 'BRIDGE') return 'container/bridge';
  if (dockerNetwork === 'USER') return 'container';
  if (dockerNetwork === 'HOST') return 'host';
  if (dockerNetwork === 'NONE') return 'none';
  return isObject(app.ipAddress) ? 'container' : 'host';
}

/** The declared ports of an app in index order (`RAML/v2/types/app.raml`, `appContainer.raml`; `Formats.scala` before 1.5). */
export function declaredPortsOf(app: JsonObject, mode: NetworkMode): DeclaredPort[] {
  if (mode === 'none') return [];
  if (mode === 'host') return hostPortsOf(app);
  const container = objectOf(app.container);
  const mappings = container?.portMappings ?? objectOf(container?.docker)?.portMappings;
  if (Array.isArray(mappings)) {
    const [firstNetwork] = arrayOf(app.networks);
    const firstName = textOf(objectOf(firstNetwork)?.name);
    return mappings.map((mapping) => mappedPortOf(mapping, mode, firstName));
  }
  // IP per task, 0.14 to 1.4: no ports on the agent and no service ports.
  const discovery = objectOf(objectOf(app.ipAddress)?.discovery);
  return arrayOf(discovery?.ports).map((port) => {
    const fields = expectObject(port, 'discovery port');
    return declare(fields, { containerPort: fields.number, hasHostPort: false });
  });
}

function hostPortsOf(app: JsonObject): DeclaredPort[] {
  const definitions = app.portDefinitions;
  if (Array.isArray(definitions)) {
    return definitions.map((definition) => {
      const fields = expectObject(definition, 'port definition');
      return declare(fields, { servicePort: fields.port, hasHostPort: true });
    });
  }
  return arrayOf(app.ports).map((port) => declare({}, { servicePort: port, hasHostPort: true }));
}

function mappedPortOf(mapping: unknown, mode: NetworkMode, firstNetwork: string | undefined): DeclaredPort {
  const fields = expectObject(mapping, 'port mapping');
  const networkNames = arrayOf(fields.networkNames);
  return declare(fields, {
    containerPort: typeof fields.containerPort === 'number' ? fields.containerPort : 0,
    servicePort: fields.servicePort,
    // In bridge mode a missing `hostPort` counts as "any"; in container mode it means that there is none.
    hasHostPort: mode === 'container/bridge' || typeof fields.hostPort === 'number',
    // Addresses of several networks arrive without names; Marathon itself takes the first, which is of the first network.
    ambiguousNetwork: networkNames.length > 0 && firstNetwork !== undefined && !networkNames.includes(firstNetwork),
  });
}

interface PortFacts {
  readonly containerPort?: unknown;
  readonly servicePort?: unknown;
  readonly hasHostPort: boolean;
  readonly ambiguousNetwork?: boolean;
}

function declare(fields: JsonObject, facts: PortFacts): DeclaredPort {
  return {
    name: textOf(fields.name),
    protocols: protocolsOf(fields.protocol),
    containerPort: typeof facts.containerPort === 'number' ? facts.containerPort : undefined,
    servicePort: portOf(facts.servicePort),
    hasHostPort: facts.hasHostPort,
    ambiguousNetwork: facts.ambiguousNetwork ?? false,
    labels: labelsOf(fields.labels),
  };
}

const tcpOnly = ['tcp'] as const;
const udpOnly = ['udp'] as const;
const tcpAndUdp = ['tcp', 'udp'] as const;

/** `udp,tcp` since 1.1; `tcp,udp` existed too. TCP comes first here whatever the order. */
function protocolsOf(value: unknown): readonly ('tcp' | 'udp')[] {
  const words = (textOf(value) ?? 'tcp').toLowerCase().split(',');
  const tcp = words.includes('tcp');
  const udp = words.includes('udp');
  if (tcp && udp) return tcpAndUdp;
  if (udp) return udpOnly;
  if (tcp) return tcpOnly;
  throw new ShapeError(`the protocol "${words.join(',')}" is not known`);
}

function expectObject(value: unknown, name: string): JsonObject {
  if (!isObject(value)) throw new ShapeError(`a ${name} is not an object`);
  return value;
}
