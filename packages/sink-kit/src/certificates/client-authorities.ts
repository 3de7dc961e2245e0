import { X509Certificate } from 'node:crypto';
import { readPemBlocks } from './pem-blocks.ts';

/** What certificates of clients are verified against, in PEM that was written anew from what was parsed. */
export interface ClientAuthorities {
  readonly authorities: string;
  /** Lists of revoked certificates. */
  readonly revocations: string | undefined;
}

/** Takes the text of a file of authorities apart, and of one of lists of revoked certificates. */
export function parseClientAuthorities(
  authorities: string,
  revocations: string | undefined,
): ClientAuthorities | { readonly problem: string } {
  const certificates = readPemBlocks(authorities);
  if (certificates === undefined) return { problem: 'it is cut short' };
  const own = certificates.filter(({ label }) => label === 'CERTIFICATE').map(({ text }) => readAuthority(text));
  if (own.length === 0) return { problem: 'it has no certificate' };
  if (own.includes(undefined)) return { problem: 'a certificate in it cannot be read' };
  if (revocations === undefined) return { authorities: own.join(''), revocations: undefined };
  const blocks = readPemBlocks(revocations);
  if (blocks === undefined) return { problem: 'its list of revoked certificates is cut short' };
  const lists = blocks.filter(({ label }) => label === 'X509 CRL').map(({ text }) => readList(text));
  if (lists.length === 0) return { problem: 'there is no list of revoked certificates in its file' };
  if (lists.includes(undefined)) return { problem: 'its list of revoked certificates cannot be read' };
  return { authorities: own.join(''), revocations: lists.join('') };
}

function readAuthority(text: string): string | undefined {
  try {
    return `${new X509Certificate(text).toString().trim()}\n`;
  } catch {
    return undefined;
  }
}

/** Node cannot read what is in it: the proxy has the last word. */
function readList(text: string): string | undefined {
  const body = text.split('\n').slice(1, -1).join('').replace(/\s/g, '');
  // DER of a SEQUENCE, as RFC 5280, 5.1 has it.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body) || Buffer.from(body, 'base64')[0] !== 0x30) return undefined;
  const lines = body.match(/.{1,64}/g) ?? [];
  return ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\n');
}
