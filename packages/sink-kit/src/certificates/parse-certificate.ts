import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { sha256 } from '../files/hash.ts';
import { checkHostname } from '../text/hostname.ts';
import type { Certificate } from './certificate.ts';
import { type PemBlock, readPemBlocks } from './pem-blocks.ts';

export interface CertificateTexts {
  readonly name: string;
  readonly source: string;
  /** The file with the certificates; holds the key too unless `key` does. */
  readonly chain: string;
  readonly key: string | undefined;
}

/** More certificates than any chain has. */
const mostCertificates = 16;

/** Takes what is in one or two PEM files apart, and checks that it belongs together. Validity in time is not looked at. */
export function parseCertificate({
  name,
  source,
  chain,
  key,
}: CertificateTexts): Certificate | { readonly problem: string } {
  const inChain = readPemBlocks(chain);
  const inKey = key === undefined ? [] : readPemBlocks(key);
  if (inChain === undefined || inKey === undefined) return { problem: 'it is cut short' };
  const keyBlocks = [...inChain, ...inKey].filter(({ label }) => label.endsWith('PRIVATE KEY'));
  const [keyBlock] = keyBlocks;
  if (keyBlock === undefined) return { problem: 'it has no private key' };
  if (keyBlocks.length > 1) return { problem: 'it has more than one private key' };
  if (isEncrypted(keyBlock)) return { problem: 'its private key is encrypted' };
  const certificates = readCertificates(inChain);
  if (certificates === undefined) return { problem: 'a certificate in it cannot be read' };
  if (certificates.length === 0) return { problem: 'it has no certificate' };
  if (certificates.length > mostCertificates) return { problem: `it has more than ${mostCertificates} certificates` };
  const privateKey = readKey(keyBlock);
  if (privateKey === undefined) return { problem: 'its private key cannot be read' };
  const leaf = certificates.find((certificate) => fits(certificate, privateKey));
  if (leaf === undefined) return { problem: 'its private key does not fit its certificate' };
  const pem = [
    privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    // Proxies take the first certificate for the one that the key belongs to.
    ...[leaf, ...certificates.filter((certificate) => certificate !== leaf)].map(String),
  ]
    .map((text) => `${text.trim()}\n`)
    .join('');
  return {
    name,
    source,
    hostnames: hostnamesOf(leaf),
    notBeforeMs: Date.parse(leaf.validFrom),
    notAfterMs: Date.parse(leaf.validTo),
    keyType: privateKey.asymmetricKeyType ?? '',
    fingerprint: leaf.fingerprint.replaceAll(':', ''),
    contentHash: sha256(pem),
    readPem: () => pem,
  };
}

function isEncrypted({ label, text }: PemBlock): boolean {
  return label.startsWith('ENCRYPTED') || text.includes('ENCRYPTED\n') || text.includes('ENCRYPTED\r');
}

function readCertificates(blocks: readonly PemBlock[]): readonly X509Certificate[] | undefined {
  try {
    return blocks.filter(({ label }) => label === 'CERTIFICATE').map(({ text }) => new X509Certificate(text));
  } catch {
    return undefined;
  }
}

function readKey({ text }: PemBlock): KeyObject | undefined {
  try {
    return createPrivateKey(text);
  } catch {
    return undefined;
  }
}

/** A public key of a kind that Node does not know makes it throw. */
function fits(certificate: X509Certificate, key: KeyObject): boolean {
  try {
    return certificate.checkPrivateKey(key);
  } catch {
    return false;
  }
}

/** The alternative names, or the common name where there are none (RFC 6125, 6.4.4). Names that are no host names are nobody's to ask for. */
function hostnamesOf({ subjectAltName, subject }: X509Certificate): readonly string[] {
  const names =
    subjectAltName === undefined
      ? [/^CN=(.*)$/m.exec(subject ?? '')?.[1] ?? '']
      : // Node gives null, against its types, where it cannot read a field.
        [...(subjectAltName ?? '').matchAll(/(?:^|, )DNS:([^,"]+)/g)].map(([, name = '']) => name);
  const hostnames = names.flatMap((name) => {
    const checked = checkHostname(name.toLowerCase());
    return checked.ok ? [checked.value] : [];
  });
  return [...new Set(hostnames)].sort();
}
