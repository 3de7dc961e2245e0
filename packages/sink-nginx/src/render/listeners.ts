import type { Listener, ListenerTls } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { innerSocketPath, type Settings } from '../settings.ts';
import * as safe from './escape.ts';
import { endSocket, misdirectedLine } from './passthrough.ts';
import { groupTlsListeners, type TlsLineOptions, tlsLines, tlsListenLine } from './tls.ts';

export interface ServerHeadOptions extends TlsLineOptions {
  readonly runDirectory: string;
  /** Where the certificates of a server with TLS come from. */
  readonly certificateLines: (tls: ListenerTls) => readonly string[];
}

/**
 * Where the servers listen, one list of lines for each: the shared listeners, and the ports of HTTP services. As few servers as possible, since
 * everything else stands in each: one, unless listeners speak TLS in different ways.
 */
export function serverHeads(
  desired: Desired,
  settings: Settings,
  options: ServerHeadOptions,
): readonly (readonly string[])[] {
  const isBehind = desired.passthrough.size > 0;
  const placeOf = (listener: Listener): string => {
    if (!isBehind) return safe.addressAndPort(listener.address, listener.port);
    const index = settings.listeners.indexOf(listener);
    return `unix:${safe.path(innerSocketPath(options.runDirectory, endSocket(index)))} proxy_protocol`;
  };
  const plain = [
    ...settings.listeners.filter(({ tls }) => tls === undefined),
    ...[...desired.ports.http.keys()].map((port) => ({ address: settings.bindAddress, port })),
  ].map(({ address, port }) => `listen ${safe.addressAndPort(address, port)};`);
  const heads = groupTlsListeners(settings).map(({ tls, listeners }, index) => [
    ...(index === 0 ? plain : []),
    ...listeners.map((listener) => tlsListenLine(placeOf(listener), tls, options)),
    ...(isBehind ? ['set_real_ip_from unix:;', 'real_ip_header proxy_protocol;'] : []),
    ...tlsLines(tls, options),
    ...options.certificateLines(tls),
    misdirectedLine(desired),
  ]);
  return heads.length > 0 || plain.length === 0 ? heads : [plain];
}
