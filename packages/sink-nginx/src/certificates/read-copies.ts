import { readFile } from 'node:fs/promises';
import { type Certificate, isCertificateName, parseCertificate } from '@signalbox/sink-kit';
import { certificateKey, parseCertificateEntry } from '../desired/certificate-entries.ts';
import { parseSnapshot } from '../render/snapshot.ts';

/** The certificates that an earlier run left in force. Only what can be read counts: the folder of the operator has the rest. */
export async function readCopies(snapshotPath: string): Promise<ReadonlyMap<string, Certificate>> {
  const snapshot = parseSnapshot(await readFile(snapshotPath, 'utf8').catch(() => ''));
  const copies = new Map<string, Certificate>();
  for (const [key, text] of Object.entries(snapshot?.entries ?? {}).sort()) {
    const name = key.slice(certificateKey('').length);
    if (key !== certificateKey(name) || !isCertificateName(name)) continue;
    const pem = parseCertificateEntry(text)?.pem;
    if (pem === undefined) continue;
    const certificate = parseCertificate({ name, source: snapshotPath, chain: pem, key: undefined });
    if (!('problem' in certificate)) copies.set(name, certificate);
  }
  return copies;
}
