import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const dayMs = 86_400_000;

const algorithms = {
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2_048 },
  /** Too short for proxies on Debian, and long enough for Node. */
  weak: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 1_024 },
};

export interface IssueOptions {
  readonly kind?: keyof typeof algorithms;
  /** Days from now. Default -1 and 90. */
  readonly fromDays?: number;
  readonly toDays?: number;
  /** Adds a comment to the certificate that makes it this many bytes longer. */
  readonly paddingBytes?: number;
}

export interface Issued {
  readonly certificate: string;
  readonly key: string;
  /** Both, key last. */
  readonly pem: string;
  /** In lower-case hexadecimal. */
  readonly serial: string;
}

export interface Authority {
  readonly certificate: string;
  issue(hostnames: readonly string[], options?: IssueOptions): Promise<Issued>;
  /** The list of its revoked certificates, in PEM: those with these serial numbers. */
  revoke(serials: readonly string[]): Promise<string>;
}

/** An authority of the test's own, which no system trusts. */
export async function createAuthority(name = 'Test authority'): Promise<Authority> {
  // The global one, as the types of the library ask for.
  x509.cryptoProvider.set(globalThis.crypto);
  const keys = await createKeys('ecdsa');
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - dayMs),
    notAfter: new Date(Date.now() + 365 * dayMs),
    keys,
    signingAlgorithm: algorithms.ecdsa,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  let serial = 4_096;
  return {
    certificate: root.toString('pem'),
    async revoke(serials) {
      const list = await x509.X509CrlGenerator.create({
        issuer: root.subject,
        thisUpdate: new Date(Date.now() - dayMs),
        nextUpdate: new Date(Date.now() + dayMs),
        entries: serials.map((serialNumber) => ({ serialNumber, revocationDate: new Date(Date.now() - dayMs) })),
        signingKey: keys.privateKey,
        signingAlgorithm: algorithms.ecdsa,
      });
      // OpenSSL knows it by this label alone.
      return `${x509.PemConverter.encode(list.rawData, 'X509 CRL')}\n`;
    },
    async issue(hostnames, { kind = 'ecdsa', fromDays = -1, toDays = 90, paddingBytes = 0 } = {}) {
      serial += 1;
      const own = await createKeys(kind);
      const certificate = await x509.X509CertificateGenerator.create({
        serialNumber: serial.toString(16),
        subject: [{ CN: [hostnames[0] ?? ''] }],
        issuer: root.subject,
        notBefore: new Date(Date.now() + fromDays * dayMs),
        notAfter: new Date(Date.now() + toDays * dayMs),
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithms.ecdsa,
        extensions: [
          new x509.SubjectAlternativeNameExtension(hostnames.map((value) => ({ type: 'dns', value }))),
          // Netscape's comment, which nobody reads.
          ...(paddingBytes > 0
            ? [new x509.Extension('2.16.840.1.113730.1.13', false, new Uint8Array(paddingBytes))]
            : []),
        ],
      });
      const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', own.privateKey), 'PRIVATE KEY');
      const text = certificate.toString('pem');
      return { certificate: `${text}\n`, key: `${key}\n`, pem: `${text}\n${key}\n`, serial: serial.toString(16) };
    },
  };
}

async function createKeys(kind: keyof typeof algorithms): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(algorithms[kind], true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}
