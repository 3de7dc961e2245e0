import type { Desired, ServicePorts } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';
import type { MapPaths } from './files.ts';
import { renderUserlists } from './filters.ts';
import { renderPassthrough } from './passthrough.ts';
import { renderRoutes } from './routes.ts';
import { plainSection, type RenderedSection, section } from './section.ts';

/** Sections that take traffic, and the one that answers when nobody does. */
export function renderFrontends(desired: Desired, settings: Settings, maps: MapPaths): readonly RenderedSection[] {
  const someOfEach: ServicePorts = { http: [1], tcp: [1], ranges: settings.portRanges };
  const renderSharedListeners = (part: Desired): string =>
    [...renderUserlists(part.filters), renderRoutes(part, settings, maps)].filter((text) => text !== '').join('\n');
  return [
    {
      key: 'ports',
      text: renderPorts(desired.ports, settings, maps),
      // Which ports there are is compared one by one.
      compared: renderPorts(someOfEach, settings, maps),
    },
    plainSection('passthrough', (desired.passthrough ? renderPassthrough(settings, maps) : []).join('\n')),
    {
      key: 'routes',
      text: renderSharedListeners(desired),
      // A process that looks up more wildcards than there are does no harm.
      compared: renderSharedListeners({ ...desired, wildcardLabels: [] }),
    },
    plainSection(
      'none',
      section('backend s_none from d_http', [
        // These maps exist at runtime only when something refers to them.
        `http-request set-var(txn.rev) str(rev),map(${maps.meta}) if FALSE`,
        `http-request set-var(txn.rev) str(hash),map(${maps.structure}) if FALSE`,
        `http-request set-var(txn.rev) str(none),map(${maps.spare}) if FALSE`,
        `http-request return status 404 content-type text/plain string ${safe.quoted('no route')}`,
      ]),
    ),
  ];
}

/** One frontend for the service ports of each mode, and one for those that are bound before anybody knows who gets them. */
function renderPorts(ports: ServicePorts, settings: Settings, maps: MapPaths): string {
  const lookup = `dst_port,map_int(${maps.port})`;
  const backend = `use_backend %[${lookup},field(1,:)]`;
  const binds = (mode: 'http' | 'tcp'): string[] =>
    ports[mode].map((port) => `bind ${safe.addressAndPort(settings.bindAddress, port)}`);
  const rejectUnused = `tcp-request connection reject unless { ${lookup} -m found }`;
  const sections: string[] = [];
  if (ports.http.length > 0) {
    sections.push(
      section('frontend s_ports_http from d_http', [
        ...binds('http'),
        `${backend} if { ${lookup} -m found }`,
        'default_backend s_none',
      ]),
    );
  }
  if (ports.tcp.length > 0) {
    sections.push(section('frontend s_ports_tcp from d_tcp', [...binds('tcp'), rejectUnused, backend]));
  }
  if (ports.ranges.length > 0) {
    sections.push(
      section('frontend s_ports_any from d_tcp', [
        ...ports.ranges.map((range) => `bind ${safe.addressAndPorts(settings.bindAddress, range)}`),
        // Also for connections that became HTTP: no request lost in reloads of 2.6, 3.0, 3.2 and 3.4.
        'option idle-close-on-response',
        rejectUnused,
        // A connection learns by its port what is spoken there; from then on it is as one of an HTTP frontend.
        `tcp-request content switch-mode http if { ${lookup},field(2,:) -m str http }`,
        backend,
      ]),
    );
  }
  return sections.join('\n');
}
