import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';
import type { MapPaths } from './files.ts';

/** The sections that take traffic: one for the service ports of each mode, one for all shared listeners. */
export function renderFrontends(desired: Desired, settings: Settings, maps: MapPaths): string {
  return [
    renderPorts(desired, settings, maps),
    renderListeners(desired, settings, maps),
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

function renderListeners({ wildcardLabels }: Desired, settings: Settings, maps: MapPaths): string {
  if (settings.listeners.length === 0) return '';
  const lines = settings.listeners.map(({ address, port, name }) => {
    const place = safe.addressAndPort(address, port);
    return name === undefined ? `bind ${place}` : `bind ${place} name ${safe.name(name)}`;
  });
  lines.push(
    'http-request set-var(txn.host) req.hdr(host),field(1,:),lower',
    'http-request set-var(txn.path) path',
    'http-request set-var(txn.key) var(txn.host),concat(,txn.path)',
  );
  const rules = [...routeRules('txn.key', '', maps)];
  for (const labels of wildcardLabels) {
    // field(-1,.,n) are the last n labels; one more in front is what `*.` stands for.
    const key = `txn.key_${labels}`;
    lines.push(
      `http-request set-var(txn.suffix) var(txn.host),field(-1,.,${labels})`,
      `http-request set-var(${key}) str(*.),concat(,txn.suffix),concat(,txn.path) if { var(txn.host),field(-${labels + 1},.) -m len gt 0 }`,
    );
    rules.push(...routeRules(key, `{ var(${key}) -m found } `, maps));
  }
  lines.push('http-request set-var(txn.key_any) str(*),concat(,txn.path)');
  rules.push(...routeRules('txn.key_any', '', maps));
  return section('frontend s_routes from d_http', [...lines, ...rules, 'default_backend s_none']);
}

/** The exact path before the longest prefix. The `/` behind the path makes a prefix end at a path boundary. */
function routeRules(key: string, condition: string, maps: MapPaths): readonly string[] {
  const exact = `var(${key}),map_str(${maps.exact})`;
  const prefix = `var(${key}),concat(/),map_beg(${maps.prefix})`;
  return [
    `use_backend %[${exact}] if ${condition}{ ${exact} -m found }`,
    `use_backend %[${prefix}] if ${condition}{ ${prefix} -m found }`,
  ];
}

function section(head: string, lines: readonly string[]): string {
  return `${head}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}
