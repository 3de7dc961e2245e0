import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Certificate, isCertificateName } from './certificate.ts';
import { readCertificate } from './read-certificate.ts';

/** Certificates that an earlier run wrote as `<name>.pem`, by name in order. Only what can be read counts: the folder of the operator has the rest. */
export async function readCertificateCopies(directory: string): Promise<ReadonlyMap<string, Certificate>> {
  const copies = new Map<string, Certificate>();
  const entries = await readdir(directory).catch((): string[] => []);
  for (const entry of entries.filter((file) => file.endsWith('.pem')).sort()) {
    const name = entry.slice(0, -'.pem'.length);
    if (!isCertificateName(name)) continue;
    const reading = await readCertificate({ name, chainPath: join(directory, entry), keyPath: undefined });
    if (!('problem' in reading)) copies.set(name, reading);
  }
  return copies;
}
