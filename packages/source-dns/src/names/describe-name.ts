import type { DocumentService } from '@signalbox/source-kit/documents';
import type { ResolvedDnsName } from '../options.ts';

/** Protocols of applications that the model knows, by their names in the registry of services (RFC 6335). */
const appProtocols: ReadonlyMap<string, NonNullable<DocumentService['appProtocol']>> = new Map([
  ['http', 'http'],
  ['https', 'https'],
]);

/** The service of a name, before its endpoints are known. `_http._tcp.shop.example` has the port name `http`, and speaks it. */
export function describeName({ name, type, service, port }: ResolvedDnsName): Omit<DocumentService, 'endpoints'> {
  const bare = name.toLowerCase().replace(/\.$/, '');
  const common = { labels: {}, metadata: { dnsName: bare }, ...(port !== undefined && { port }) };
  const [, portName, protocol, rest] = (type === 'SRV' && /^_([^.]+)\._(tcp|udp)\.(.+)$/.exec(bare)) || [];
  if (portName === undefined || rest === undefined) return { name: service ?? bare, protocol: 'tcp', ...common };
  if (protocol === 'udp') {
    return { name: service ?? rest, portName: `${portName}/udp`, protocol: 'udp', ...common };
  }
  const appProtocol = appProtocols.get(portName);
  return {
    name: service ?? rest,
    portName,
    protocol: 'tcp',
    ...(appProtocol !== undefined && { appProtocol }),
    ...common,
  };
}
