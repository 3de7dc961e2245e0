import type { Listener, ListenerTls } from '@signalbox/sink-kit';
import { certificatePaths } from '../certificates/certificate-paths.ts';
import { authoritiesName, authorityPaths, verifyWords } from '../certificates/client-authorities.ts';
import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import * as safe from './escape.ts';
import { noCertificatesPath } from './files.ts';
import { loopAddress } from './loop.ts';

/** The `bind` lines of the shared listeners. `directory` is where the list of certificates is. */
export function renderBinds(settings: Settings, desired: Desired, directory: string): readonly string[] {
  return settings.listeners.map((listener, index) =>
    [
      ...(desired.passthrough && listener.tls !== undefined
        ? [`bind ${loopAddress(settings, index)} accept-proxy`]
        : [`bind ${safe.addressAndPort(listener.address, listener.port)}`, ...nameWords(listener)]),
      ...(listener.tls === undefined ? [] : tlsWords(listener.tls, desired, directory)),
    ].join(' '),
  );
}

export function nameWords({ name }: Listener): readonly string[] {
  return name === undefined ? [] : [`name ${safe.name(name)}`];
}

/**
 * Without a certificate HAProxy needs `strict-sni` to begin at all; then no handshake succeeds. The same is done where the authorities of clients are
 * missing: nobody is let in unseen.
 */
export function tlsWords(
  tls: ListenerTls,
  { hasCertificates, clientAuthorities }: Desired,
  directory: string,
): readonly string[] {
  const { clientCertificates } = tls;
  const name = clientCertificates && authoritiesName(clientCertificates);
  const authorities = name === undefined ? undefined : clientAuthorities.get(name);
  const isClosed = clientCertificates !== undefined && authorities === undefined;
  return [
    `ssl crt-list ${isClosed ? noCertificatesPath(directory) : certificatePaths(directory).list}`,
    ...(tls.alpn.length === 0 ? [] : [`alpn ${tls.alpn.join(',')}`]),
    `ssl-min-ver TLSv${tls.minVersion}`,
    ...(tls.ciphers === undefined ? [] : [`ciphers ${safe.quoted(tls.ciphers)}`]),
    ...(tls.cipherSuites === undefined ? [] : [`ciphersuites ${safe.quoted(tls.cipherSuites)}`]),
    ...(tls.strictSni || !hasCertificates || isClosed ? ['strict-sni'] : []),
    ...(clientCertificates === undefined || name === undefined || authorities === undefined
      ? []
      : [verifyWords(clientCertificates, authorityPaths(directory, name), authorities.revocations !== undefined)]),
  ];
}

/** Where TLS ends here, this header is ours to set: applications trust it, and clients may send any. */
export function forwardedProtoLines({ listeners }: Settings): readonly string[] {
  if (!listeners.some(({ tls }) => tls !== undefined)) return [];
  return ['http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]'];
}
