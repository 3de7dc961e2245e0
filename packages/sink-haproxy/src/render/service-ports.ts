import { dirname } from 'node:path';
import type { Desired, PortProtocol } from '../desired/model.ts';
import { portProtocols } from '../desired/port-protocols.ts';
import type { Settings } from '../settings.ts';
import { removeClientHeaders, setClientHeaders } from './client-lines.ts';
import * as safe from './escape.ts';
import type { MapPaths } from './files.ts';
import { tlsWords } from './listeners.ts';
import { loopAddress, renderLoop } from './loop.ts';
import { section } from './section.ts';

/** One frontend for the service ports of each protocol, and one for those that are bound before anybody knows who gets them. */
export function renderServicePorts(desired: Desired, settings: Settings, maps: MapPaths): string {
  const { ports } = desired;
  const { bindAddress } = settings;
  const lookup = `dst_port,map_int(${maps.port})`;
  const isFound = `{ ${lookup} -m found }`;
  const speaks = (protocol: PortProtocol): string => `{ ${lookup},field(2,:) -m str ${protocol} }`;
  const backend = `use_backend %[${lookup},field(1,:)]`;
  const hasLoops = ports.ranges.length > 0 && settings.certificates !== undefined;
  const rules: Readonly<Record<PortProtocol, readonly string[]>> = {
    http: [...removeClientHeaders(settings), `${backend} if ${isFound}`, 'default_backend s_none'],
    https: [
      // Applications trust it, and clients may send any.
      'http-request set-header X-Forwarded-Proto https',
      ...removeClientHeaders(settings),
      ...setClientHeaders(settings),
      `${backend} if ${isFound}`,
      'default_backend s_none',
    ],
    tcp: [`tcp-request connection reject unless ${isFound}`, backend],
    // Behind the loop a connection has its port only once the PROXY protocol was read.
    tls: [`tcp-request session reject unless ${isFound}`, backend],
  };
  const sections: string[] = [];
  for (const protocol of portProtocols) {
    const words = bindWords(protocol, desired, settings, dirname(maps.meta));
    const binds = ports[protocol].map((port) => ['bind', safe.addressAndPort(bindAddress, port), ...words].join(' '));
    if (hasLoops && isEnded(protocol)) {
      binds.push(['bind', loopAddress(settings, protocol), 'accept-proxy', ...words].join(' '));
      sections.push(renderLoop(loopName(protocol), loopAddress(settings, protocol)));
    }
    if (binds.length > 0) {
      sections.push(
        section(`frontend ${frontendName(protocol)} from d_${modeOf(protocol)}`, [...binds, ...rules[protocol]]),
      );
    }
  }
  if (ports.ranges.length > 0) {
    sections.push(
      section('frontend s_ports_any from d_tcp', [
        ...ports.ranges.map((range) => `bind ${safe.addressAndPorts(bindAddress, range)}`),
        // Also for connections that became HTTP: no request lost in reloads of 2.6, 3.0, 3.2 and 3.4.
        'option idle-close-on-response',
        `tcp-request connection reject unless ${isFound}`,
        // A connection learns by its port what is spoken there; from then on it is as one of an HTTP frontend.
        `tcp-request content switch-mode http if ${speaks('http')}`,
        ...removeClientHeaders(settings),
        // A port that is bound without TLS cannot learn it: another frontend ends it.
        ...portProtocols
          .filter((protocol) => hasLoops && isEnded(protocol))
          .map((protocol) => `use_backend ${loopName(protocol)} if ${speaks(protocol)}`),
        backend,
      ]),
    );
  }
  return sections.join('\n');
}

function bindWords(
  protocol: PortProtocol,
  desired: Desired,
  { servicePortTls }: Settings,
  directory: string,
): readonly string[] {
  if (!isEnded(protocol)) return [];
  // Nobody knows what is spoken inside of `tls`.
  return tlsWords(protocol === 'https' ? servicePortTls : { ...servicePortTls, alpn: [] }, desired, directory);
}

/** Whether its TLS ends here. */
function isEnded(protocol: PortProtocol): boolean {
  return protocol === 'https' || protocol === 'tls';
}

function modeOf(protocol: PortProtocol): 'http' | 'tcp' {
  return protocol === 'http' || protocol === 'https' ? 'http' : 'tcp';
}

function frontendName(protocol: PortProtocol): string {
  return `s_ports_${protocol}`;
}

/** Not the name of the frontend: since 3.3 a frontend and a backend cannot share one. */
function loopName(protocol: PortProtocol): string {
  return `${frontendName(protocol)}_loop`;
}
