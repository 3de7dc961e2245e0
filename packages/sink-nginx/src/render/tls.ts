import type { Listener, ListenerTls } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';

/** Listeners that speak TLS in one way, and so share a server. */
interface TlsGroup {
  readonly tls: ListenerTls;
  readonly listeners: readonly Listener[];
}

export function groupTlsListeners({ listeners }: Pick<Settings, 'listeners'>): readonly TlsGroup[] {
  const groups = new Map<string, { readonly tls: ListenerTls; readonly listeners: Listener[] }>();
  for (const listener of listeners) {
    const { tls } = listener;
    if (tls === undefined) continue;
    const key = JSON.stringify(tls);
    const group = groups.get(key) ?? { tls, listeners: [] };
    group.listeners.push(listener);
    groups.set(key, group);
  }
  return [...groups.values()];
}

export interface TlsLineOptions {
  /** `http2 on`, which came with 1.25.1; before, it was a word of `listen`. */
  readonly hasHttp2Directive: boolean;
}

/** `place` is an address with its port, or a socket. */
export function tlsListenLine(place: string, { alpn }: ListenerTls, { hasHttp2Directive }: TlsLineOptions): string {
  return `listen ${place} ssl${alpn.includes('h2') && !hasHttp2Directive ? ' http2' : ''};`;
}

/** How a server speaks TLS, but for its certificates. */
export function tlsLines(tls: ListenerTls, { hasHttp2Directive }: TlsLineOptions): readonly string[] {
  return [
    tls.alpn.includes('h2') && hasHttp2Directive ? 'http2 on;' : '',
    `ssl_protocols ${tls.minVersion === '1.3' ? '' : 'TLSv1.2 '}TLSv1.3;`,
    tls.ciphers === undefined ? '' : `ssl_ciphers ${safe.quoted(tls.ciphers)};`,
    tls.cipherSuites === undefined ? '' : `ssl_conf_command Ciphersuites ${safe.quoted(tls.cipherSuites)};`,
  ];
}

export function hasTls({ listeners }: Pick<Settings, 'listeners'>): boolean {
  return listeners.some(({ tls }) => tls !== undefined);
}

/** Without a listener with TLS, whoever ends it in front of us says how the client came. */
export function forwardedProtoVariable(settings: Pick<Settings, 'listeners'>): string {
  return hasTls(settings) ? '$signalbox_forwarded_proto' : '$http_x_forwarded_proto';
}
