import type { Certificate } from '@signalbox/sink-kit';
import type { ShownCertificates } from './model.ts';

export interface CertificateEntry {
  readonly pem: string;
  readonly notAfterMs: number;
}

const texts = new WeakMap<Certificate, string>();
const hostTexts = new WeakMap<readonly Certificate[], string>();

/** `c/<name>` has a certificate with its key, `n/<host>` the names of those that are shown for it. */
export function addCertificateEntries(entries: Map<string, string>, { byName, byHost }: ShownCertificates): void {
  for (const [name, certificate] of byName) entries.set(certificateKey(name), formatCertificate(certificate));
  for (const [host, shown] of byHost) entries.set(`n/${host}`, formatShown(shown));
}

export function certificateKey(name: string): string {
  return `c/${name}`;
}

/** Undefined when it was written by another hand. */
export function parseCertificateEntry(text: string): CertificateEntry | undefined {
  try {
    const { pem, notAfterMs } = JSON.parse(text) as Partial<CertificateEntry>;
    return typeof pem === 'string' && typeof notAfterMs === 'number' ? { pem, notAfterMs } : undefined;
  } catch {
    return undefined;
  }
}

function formatCertificate(certificate: Certificate): string {
  const known = texts.get(certificate);
  if (known !== undefined) return known;
  const { readPem, notAfterMs } = certificate;
  const text = JSON.stringify({ pem: readPem(), notAfterMs });
  texts.set(certificate, text);
  return text;
}

function formatShown(shown: readonly Certificate[]): string {
  const known = hostTexts.get(shown);
  if (known !== undefined) return known;
  const text = JSON.stringify(shown.map(({ name }) => name));
  hostTexts.set(shown, text);
  return text;
}
