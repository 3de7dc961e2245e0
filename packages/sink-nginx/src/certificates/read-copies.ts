import { readFile } from 'node:fs/promises';
import { type Certificate, isCertificateName, parseCertificate } from '@signalbox/sink-kit';
import { certificateKey, parseCertificateEntry } from '../desired/certificate-entries.ts';
import { parseSnapshot } from '../render/snapshot.ts';

/** The certificates that an earlier run left in force. */
export async function readCopies(snapshotPath: string): Promise<ReadonlyMap<string, Certificate>> {
  const snapshot = parseSnapshot(await readFile(snapshotPath, 'utf8').catch(() => ''));
  return readCertificates(Object.entries(snapshot?.entries ?? {}).sort(), snapshotPath);
}

/** The certificates among entries. Only what can be read counts: the folder of the operator has the rest. */
export function readCertificates(
  entries: Iterable<readonly [key: string, text: string]>,
  source: string,
): ReadonlyMap<string, Certificate> {
  const certificates = new Map<string, Certificate>();
  for (const [key, text] of entries) {
    const name = key.slice(certificateKey('').length);
    if (key !== certificateKey(name) || !isCertificateName(name)) continue;
    const pem = parseCertificateEntry(text)?.pem;
    if (pem === undefined) continue;
    const certificate = parseCertificate({ name, source, chain: pem, key: undefined });
    if (!('problem' in certificate)) certificates.set(name, certificate);
  }
  return certificates;
}
