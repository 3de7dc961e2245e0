import { sha256 } from '@signalbox/sink-kit';
import { listClientCertificates } from '../certificates/client-authorities.ts';
import type { Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';

/**
 * Applications trust these headers, and clients may send any: so they go wherever HTTP comes in, also where no certificate is asked for. `_` and
 * `-` are the same to applications that meet headers as variables of their environment (RFC 3875, 4.1.18).
 */
export function removeClientHeaders(settings: Settings): readonly string[] {
  return listClientCertificates(settings).length === 0
    ? []
    : ['http-request del-header ^x[-_]ssl[-_]client[-_] -m reg'];
}

/** Who the client is, where TLS ended here. RFC 2253 writes a name without control characters. */
export function setClientHeaders(settings: Settings): readonly string[] {
  if (listClientCertificates(settings).length === 0) return [];
  return [
    'http-request set-header X-SSL-Client-Verify %[ssl_c_used,iif(SUCCESS,NONE)] if { ssl_fc }',
    'http-request set-header X-SSL-Client-Subject %[ssl_c_s_dn(,0,rfc2253)] if { ssl_c_used }',
    'http-request set-header X-SSL-Client-Fingerprint %[ssl_c_sha1,hex,lower] if { ssl_c_used }',
  ];
}

/** Other authorities have to be read anew: their digests are part of what a process runs. */
export function describeAuthorities({ clientAuthorities }: Desired): string {
  return [...clientAuthorities]
    .map(([name, authorities]) => `# clients ${name}: ${sha256(JSON.stringify(authorities)).slice(0, 16)}\n`)
    .join('');
}
