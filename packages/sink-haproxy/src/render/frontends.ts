import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';
import type { MapPaths } from './files.ts';
import { renderUserlists } from './filters.ts';
import { renderPassthrough } from './passthrough.ts';
import { renderRoutes } from './routes.ts';
import { section } from './section.ts';

/** The sections that take traffic: one for the service ports of each mode, one for all shared listeners. */
export function renderFrontends(desired: Desired, settings: Settings, maps: MapPaths): string {
  return [
    renderPorts(desired, settings, maps),
    ...renderUserlists(desired.filters),
    ...(desired.passthrough ? renderPassthrough(settings, maps) : []),
    renderRoutes(desired, settings, maps),
    section('backend s_none from d_http', [
      // The map of revisions exists at runtime only when something refers to it.
      `http-request set-var(txn.rev) str(rev),map(${maps.meta}) if FALSE`,
      `http-request return status 404 content-type text/plain string ${safe.quoted('no route')}`,
    ]),
  ]
    .filter((text) => text !== '')
    .join('\n');
}

function renderPorts({ ports }: Desired, settings: Settings, maps: MapPaths): string {
  const lookup = `dst_port,map_int(${maps.port})`;
  const binds = (mode: 'http' | 'tcp'): string[] =>
    ports[mode].map((port) => `bind ${safe.addressAndPort(settings.bindAddress, port)}`);
  const sections: string[] = [];
  if (ports.http.length > 0) {
    sections.push(
      section('frontend s_ports_http from d_http', [
        ...binds('http'),
        `use_backend %[${lookup}] if { ${lookup} -m found }`,
        'default_backend s_none',
      ]),
    );
  }
  if (ports.tcp.length > 0) {
    sections.push(
      section('frontend s_ports_tcp from d_tcp', [
        ...binds('tcp'),
        `tcp-request connection reject unless { ${lookup} -m found }`,
        `use_backend %[${lookup}]`,
      ]),
    );
  }
  return sections.join('\n');
}
