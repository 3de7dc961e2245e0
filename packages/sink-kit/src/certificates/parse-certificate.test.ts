import { createPrivateKey } from 'node:crypto';
import { type Authority, createAuthority, type Issued } from '@signalbox/testkit/tls';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from './parse-certificate.ts';

let authority: Authority;
let shop: Issued;
let rsa: Issued;
let other: Issued;
beforeAll(async () => {
  authority = await createAuthority();
  shop = await authority.issue(['Shop.Example.com', '*.shop.example.com']);
  rsa = await authority.issue(['shop.example.com'], { kind: 'rsa', fromDays: -30, toDays: -1 });
  other = await authority.issue(['other.example.com']);
});

const parse = (chain: string, key?: string) => parseCertificate({ name: 'shop', source: '/x.pem', chain, key });
const problemOf = (chain: string, key?: string): string | undefined => {
  const result = parse(chain, key);
  return 'problem' in result ? result.problem : undefined;
};
function good(chain: string, key?: string) {
  const result = parse(chain, key);
  if ('problem' in result) throw new Error(result.problem);
  return result;
}
/** The key in the older form of its kind. */
const traditional = ({ key }: Issued, type: 'sec1' | 'pkcs1'): string =>
  createPrivateKey(key).export({ type, format: 'pem' }).toString();

describe('a certificate', () => {
  it('says what it is for, from when to when, and with which kind of key', () => {
    const dayMs = 86_400_000;
    const certificate = good(shop.pem);
    expect(certificate).toMatchObject({ name: 'shop', source: '/x.pem', keyType: 'ec' });
    expect(certificate.hostnames).toEqual(['*.shop.example.com', 'shop.example.com']);
    expect(certificate.notAfterMs - certificate.notBeforeMs).toBe(91 * dayMs);
    // Expired is for others to judge: one in force stays in force.
    const expired = good(rsa.pem);
    expect(expired.keyType).toBe('rsa');
    expect(expired.notAfterMs).toBeLessThan(Date.now());
  });

  it('is the same in one file and in two, in any order, and with texts for people between', () => {
    const { contentHash, fingerprint } = good(shop.certificate, shop.key);
    const forms = [
      shop.pem,
      `${shop.key}${shop.certificate}`,
      `subject=shop\n${shop.certificate}\n\nBag Attributes - a - b\n${shop.key}`,
      shop.pem.replaceAll('\n', '\r\n'),
      `\uFEFF${shop.pem}`,
    ];
    for (const form of forms) expect(good(form)).toMatchObject({ contentHash, fingerprint });
  });

  it('comes before its authorities, in whatever order the file has them', () => {
    const first = good(`${shop.certificate}${authority.certificate}\n${shop.key}`);
    const last = good(`${authority.certificate}\n${shop.certificate}${shop.key}`);
    expect(last.readPem()).toBe(first.readPem());
    const blocks = first.readPem().split(/(?=-----BEGIN )/);
    expect(blocks.map((block) => block.trim())).toEqual([
      expect.stringContaining('PRIVATE KEY'),
      shop.certificate.trim(),
      authority.certificate.trim(),
    ]);
    expect(first.contentHash).not.toBe(good(shop.pem).contentHash);
  });

  it('may have its key in the older forms, with the parameters of its curve before it', () => {
    const { contentHash } = good(shop.pem);
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    expect(good(`${parameters}${traditional(shop, 'sec1')}${shop.certificate}`).contentHash).toBe(contentHash);
    expect(good(`${traditional(rsa, 'pkcs1')}${rsa.certificate}`).contentHash).toBe(good(rsa.pem).contentHash);
  });

  it('keeps its key out of what prints it', () => {
    const certificate = good(shop.pem);
    expect(JSON.stringify(certificate)).not.toContain('PRIVATE');
    expect(certificate.readPem()).toContain('PRIVATE KEY');
  });
});

describe('what is no certificate says why', () => {
  it('when something is missing, too much, or of somebody else', () => {
    expect(problemOf('')).toBe('it has no private key');
    expect(problemOf(shop.certificate)).toBe('it has no private key');
    expect(problemOf(shop.key)).toBe('it has no certificate');
    expect(problemOf(shop.certificate, shop.certificate)).toBe('it has no private key');
    expect(problemOf(shop.certificate, other.key)).toBe('its private key does not fit its certificate');
    expect(problemOf(authority.certificate, shop.key)).toBe('its private key does not fit its certificate');
    // Of two keys for one certificate nobody knows which is meant, be they of one kind or of two.
    expect(problemOf(`${shop.pem}${rsa.pem}`)).toBe('it has more than one private key');
    expect(problemOf(shop.pem, shop.key)).toBe('it has more than one private key');
    expect(problemOf(`${shop.pem}${authority.certificate.repeat(16)}`)).toBe('it has more than 16 certificates');
  });

  it('when the key is encrypted, in the new form and in the old one', () => {
    const secret = { cipher: 'aes-256-cbc', passphrase: 'x', format: 'pem' } as const;
    const newer = createPrivateKey(shop.key).export({ ...secret, type: 'pkcs8' });
    const older = createPrivateKey(rsa.key).export({ ...secret, type: 'pkcs1' });
    expect(problemOf(`${shop.certificate}${newer}`)).toBe('its private key is encrypted');
    // With headers within, as in `DEK-Info: AES-256-CBC,…`.
    expect(problemOf(`${rsa.certificate}${older}`)).toBe('its private key is encrypted');
  });

  it('when what is in a block is nothing', () => {
    const block = (label: string): string => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;
    expect(problemOf(`${block('CERTIFICATE')}${shop.key}`)).toBe('a certificate in it cannot be read');
    expect(problemOf(`${shop.certificate}${block('PRIVATE KEY')}`)).toBe('its private key cannot be read');
    expect(problemOf(`${shop.certificate}${block('X PRIVATE KEY')}`)).toBe('its private key cannot be read');
    expect(problemOf('\0'.repeat(1_000))).toBe('it has no private key');
    expect(problemOf('-----BEGIN '.repeat(20_000))).toBe('it is cut short');
  });
});

describe('a file that is being written', () => {
  it('is the certificate or nothing, wherever it is cut', () => {
    const { contentHash } = good(shop.pem);
    fc.assert(
      fc.property(fc.nat(shop.pem.length), (length) => {
        const result = parse(shop.pem.slice(0, length));
        return 'problem' in result || result.contentHash === contentHash;
      }),
      { numRuns: 300 },
    );
  });

  it('is the certificate or nothing when a byte of it is another one', () => {
    fc.assert(
      fc.property(fc.nat(shop.pem.length - 1), fc.integer({ min: 0, max: 255 }), (index, byte) => {
        const result = parse(`${shop.pem.slice(0, index)}${String.fromCharCode(byte)}${shop.pem.slice(index + 1)}`);
        // A byte of the signature is the business of clients.
        return 'problem' in result || result.readPem().includes('-----BEGIN CERTIFICATE-----');
      }),
      { numRuns: 300 },
    );
  });
});
