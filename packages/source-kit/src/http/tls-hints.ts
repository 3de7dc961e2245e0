const untrusted = 'give the authority that issued the certificate of the server in "tls.ca" or "tls.caFile"';

/** By the codes of Node.js (those of OpenSSL's verification, and of TLS alerts): what to do about a handshake that failed. */
const hints: readonly (readonly [code: RegExp, hint: string])[] = [
  [/^CERT_HAS_EXPIRED$/, 'renew the certificate of the server; if it is valid still, check the clock of this machine'],
  [/^CERT_NOT_YET_VALID$/, 'check the clocks of this machine and of the server'],
  [/ALTNAME_INVALID/, 'use a name of the certificate in the URL, or set "tls.serverName" to one'],
  [/SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|CERT_UNTRUSTED|INVALID_CA/, untrusted],
  [/WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/, 'nobody speaks TLS on this port: check the port, or write http://'],
  [
    /ALERT_(HANDSHAKE_FAILURE|UNKNOWN_CA|(BAD_)?CERTIFICATE|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    'the server may want a client certificate that it trusts: check "tls.cert" and "tls.key"',
  ],
  [/CERT|ERR_TLS/, 'check the options "tls.ca" and "tls.serverName"'],
];

/** A server that does not like how it is spoken to often closes the connection without a word. */
const silentCloses = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);

/** What to do, as far as the code of an error tells that TLS is the reason or may be it. */
export function tlsHint(code: string, url: string, reachHint: string): string | undefined {
  const known = hints.find(([pattern]) => pattern.test(code))?.[1];
  if (known !== undefined || !silentCloses.has(code)) return known;
  return url.startsWith('https:')
    ? `${reachHint}; a server that wants a client certificate closes like this as well ("tls.cert" and "tls.key")`
    : `${reachHint}; a server that speaks TLS closes like this as well (https://)`;
}

/** OpenSSL's own words for what went wrong, without the line of its source. */
export function tlsReason(error: unknown): string | undefined {
  return error instanceof Error && 'reason' in error && typeof error.reason === 'string' && 'library' in error
    ? error.reason
    : undefined;
}
