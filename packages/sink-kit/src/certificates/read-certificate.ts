import type { Certificate } from './certificate.ts';
import type { CertificateFiles } from './list-files.ts';
import { parseCertificate } from './parse-certificate.ts';
import { readPemText } from './read-pem-text.ts';

/** Far more than a chain with its key takes. */
const mostBytes = 262_144;

/** The certificate in the files, or why there is none. */
export async function readCertificate({
  name,
  chainPath,
  keyPath,
}: Pick<CertificateFiles, 'name' | 'chainPath' | 'keyPath'>): Promise<Certificate | { readonly problem: string }> {
  const chain = await readPemText(chainPath, mostBytes);
  if (typeof chain !== 'string') return chain;
  // Of an `x.pem` with everything in it, an `x.key` beside it says nothing new.
  if (keyPath === undefined || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(chain)) {
    return parseCertificate({ name, source: chainPath, chain, key: undefined });
  }
  const key = await readPemText(keyPath, mostBytes);
  if (typeof key !== 'string') return { problem: `its private key: ${key.problem}` };
  return parseCertificate({ name, source: chainPath, chain, key });
}
