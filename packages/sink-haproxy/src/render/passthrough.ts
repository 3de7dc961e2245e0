import type { Listener } from '@signalbox/sink-kit';
import { mostWildcardLabels, terminated } from '../desired/routes/passthrough-names.ts';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';
import type { MapPaths } from './files.ts';
import { nameWords } from './listeners.ts';
import { loopAddress, renderLoop } from './loop.ts';
import { section } from './section.ts';

/** In front of each listener with TLS, only while there is something to pass through: it reads the name in the handshake, and no more. */
export function renderPassthrough(settings: Settings, maps: MapPaths): readonly string[] {
  return settings.listeners.flatMap((listener, index) =>
    listener.tls === undefined
      ? []
      : [renderFront(listener, index, maps), renderLoop(loopName(index), loopAddress(settings, index))],
  );
}

function renderFront(listener: Listener, index: number, maps: MapPaths): string {
  const isHello = '{ req.ssl_hello_type 1 }';
  const unlessFound = '!{ var(txn.pass) -m found }';
  const wildcards = Array.from({ length: mostWildcardLabels }, (_, position) => mostWildcardLabels - position);
  return section(`frontend s_tls_${index} from d_tcp`, [
    [`bind ${safe.addressAndPort(listener.address, listener.port)}`, ...nameWords(listener)].join(' '),
    // A hello may come in pieces; what is none is closed at once.
    'tcp-request inspect-delay 5s',
    `tcp-request content set-var(txn.sni) req.ssl_sni,lower if ${isHello}`,
    `tcp-request content set-var(txn.pass) var(txn.sni),map_str(${maps.sni})`,
    ...wildcards.flatMap((labels) => [
      `tcp-request content set-var(txn.suffix) var(txn.sni),field(-1,.,${labels})`,
      `tcp-request content set-var(txn.pass) str(*.),concat(,txn.suffix),map_str(${maps.sni}) if ${unlessFound} { var(txn.sni),field(-${labels + 1},.) -m len gt 0 }`,
    ]),
    `tcp-request content set-var(txn.pass) str(*),map_str(${maps.sni}) if ${unlessFound}`,
    `tcp-request content accept if ${isHello}`,
    'tcp-request content reject',
    `use_backend %[var(txn.pass)] if { var(txn.pass) -m found } !{ var(txn.pass) -m str ${terminated} }`,
    `default_backend ${loopName(index)}`,
  ]);
}

/** Not the name of the frontend: since 3.3 a frontend and a backend cannot share one. */
function loopName(index: number): string {
  return `s_tls_${index}_loop`;
}

/** A client that has a connection for one name may use it for another of the same certificate (RFC 9110, 15.5.20): here that one does not end. */
export function misdirectedLines(maps: MapPaths): readonly string[] {
  const target = `var(txn.host),map_str(${maps.sni})`;
  return [
    `http-request return status 421 content-type text/plain string 'misdirected request' if { ssl_fc } { ${target} -m found } !{ ${target} -m str ${terminated} }`,
  ];
}
