import { sha256 } from '@signalbox/sink-kit';
import type { Desired, Upstream } from '../desired/model.ts';
import { innerSocketPath, type Settings } from '../settings.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';

export interface PassthroughOptions {
  readonly settings: Settings;
  readonly runDirectory: string;
}

/**
 * In front of each listener with TLS, only while there is something to pass through: it reads the name in the handshake, and no more. Behind it the
 * PROXY protocol tells who the client is; services, which do not know it, have a server of their own that takes it off again.
 */
export function renderPassthrough(
  { passthrough, upstreams }: Desired,
  { settings, runDirectory }: PassthroughOptions,
  renderServer: (upstream: Upstream, listen: readonly string[]) => string,
): readonly string[] {
  if (passthrough.size === 0) return [];
  const used = [...new Set(passthrough.values())].flatMap((name) => upstreams.get(name ?? '') ?? []);
  const inner = (name: string, socket: string): string =>
    block(`upstream ${name}`, [`server unix:${safe.path(innerSocketPath(runDirectory, socket))};`]);
  return [
    ...used.map(({ name }) => inner(passName(name), passSocket(name))),
    ...used.map((upstream) =>
      renderServer(upstream, [
        `listen unix:${safe.path(innerSocketPath(runDirectory, passSocket(upstream.name)))} proxy_protocol;`,
        'set_real_ip_from unix:;',
      ]),
    ),
    ...settings.listeners.flatMap(({ tls, address, port }, index) => {
      if (tls === undefined) return [];
      const end = `signalbox_end_${index}`;
      const names = [...passthrough].map(([hostname, name]) => {
        const target = name === undefined ? end : passName(name);
        return hostname === '*' ? `default ${target};` : `${safe.hostKey(hostname)} ${target};`;
      });
      return [
        inner(end, endSocket(index)),
        block(`map $ssl_preread_server_name $signalbox_name_${index}`, [
          'hostnames;',
          ...(passthrough.has('*') ? [] : [`default ${end};`]),
          ...names,
        ]),
        // What is no handshake goes nowhere, and is closed.
        block(`map $ssl_preread_protocol $signalbox_front_${index}`, [`default $signalbox_name_${index};`, '"" "";']),
        block('server', [
          `listen ${safe.addressAndPort(address, port)};`,
          'ssl_preread on;',
          'preread_timeout 5s;',
          `proxy_pass $signalbox_front_${index};`,
          'proxy_protocol on;',
          // The server behind has the time-outs that count.
          'proxy_timeout 7d;',
        ]),
      ];
    }),
  ];
}

/** Where a listener with TLS takes what ends here while something is passed through. */
export function endSocket(index: number): string {
  return `end-${index}`;
}

/**
 * A client that has a connection for one name may use it for another of the same certificate (RFC 9110, 15.5.20): here that one does not end.
 */
export function misdirectedMaps({ passthrough }: Desired): readonly string[] {
  if (passthrough.size === 0) return [];
  const names = [...passthrough].filter(([hostname]) => hostname !== '*');
  return [
    block('map $host $signalbox_passed', [
      'hostnames;',
      'default 0;',
      ...names.map(([hostname, name]) => `${safe.hostKey(hostname)} ${name === undefined ? 0 : 1};`),
    ]),
    block('map $https$signalbox_passed $signalbox_misdirected', ['default 0;', 'on1 1;']),
  ];
}

export function misdirectedLine({ passthrough }: Desired): string {
  return passthrough.size === 0 ? '' : 'if ($signalbox_misdirected) { return 421; }';
}

function passName(upstream: string): string {
  return `pass_${safe.name(upstream)}`;
}

/** Short, since paths of sockets are. */
function passSocket(upstream: string): string {
  return sha256(upstream).slice(0, 8);
}
