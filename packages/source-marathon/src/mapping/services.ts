import type { Endpoint, HealthCheck, Service } from '@signalbox/core';
import type { App, DeclaredPort } from './app.ts';
import { type EndpointsContext, endpointsOf } from './endpoints.ts';
import { healthCheckFor } from './health-check.ts';

export interface SpecServices {
  readonly services: readonly Service[];
  /** Whether the number of endpoints is what the definition asks for, so that fewer than before are no accident. */
  readonly asIntended: ReadonlySet<string>;
  readonly missingVersions: readonly string[];
  readonly reviewAtMs?: number;
}

/**
 * One service per declared port and protocol.
 *
 * The id ends in the port's name, or in its index when the name is missing, taken twice, or could be taken for an index.
 * A port that is both TCP and UDP gives two services; the UDP one carries `/udp` behind that, which no name can contain.
 */
export function servicesOf(app: App, sourceId: string, context: EndpointsContext): SpecServices {
  const { byPort, missingVersions, reviewAtMs } = endpointsOf(app, context);
  const services: Service[] = [];
  const asIntended = new Set<string>();
  for (const [index, port] of app.ports.entries()) {
    const endpoints = byPort[index] ?? [];
    const portId = portIdOf(port, index, app.ports);
    const labels = labelsFor(app, port);
    const metadata = metadataOf(app, port, index);
    for (const protocol of port.protocols) {
      const id = `${sourceId}:${app.id}#${portId}${protocol === 'udp' && port.protocols.length > 1 ? '/udp' : ''}`;
      const healthCheck = protocol === 'tcp' ? healthCheckFor(app, index) : undefined;
      const appProtocol = protocol === 'tcp' ? appProtocolOf(port, healthCheck) : undefined;
      services.push({
        id,
        name: app.id,
        protocol,
        ...(appProtocol !== undefined && { appProtocol }),
        ...(port.servicePort !== undefined && { port: port.servicePort }),
        endpoints,
        ...(healthCheck !== undefined && { healthCheck }),
        labels,
        metadata,
      });
      if (app.instances <= countServing(endpoints)) asIntended.add(id);
    }
  }
  return { services, asIntended, missingVersions, ...(reviewAtMs !== undefined && { reviewAtMs }) };
}

function portIdOf(port: DeclaredPort, index: number, ports: readonly DeclaredPort[]): string {
  const { name } = port;
  if (name === undefined || !/^(?!\d+$)[\w.-]+$/.test(name)) return String(index);
  return ports.filter((other) => other.name === name).length === 1 ? name : String(index);
}

/** A port's own label wins over the app's of the same name: it is the closer one. */
function labelsFor(app: App, port: DeclaredPort): Readonly<Record<string, string>> {
  return Object.keys(port.labels).length === 0 ? app.labels : { ...app.labels, ...port.labels };
}

/** Only what changes by somebody's will: no counters, which drop to 0 at every change of leader, and no times of checks. */
function metadataOf(app: App, port: DeclaredPort, index: number): Readonly<Record<string, string>> {
  return {
    version: app.version,
    instances: String(app.instances),
    networkMode: app.mode,
    portIndex: String(index),
    ...(port.name !== undefined && { portName: port.name }),
  };
}

function appProtocolOf(port: DeclaredPort, check: HealthCheck | undefined): 'http' | 'https' | undefined {
  // A check on another port says nothing about what this one speaks.
  if (check !== undefined && check.kind !== 'tcp' && check.port === undefined) return check.kind;
  return port.name === 'http' || port.name === 'https' ? port.name : undefined;
}

export function countServing(endpoints: readonly Endpoint[]): number {
  return endpoints.reduce((count, endpoint) => count + (endpoint.draining ? 0 : 1), 0);
}
