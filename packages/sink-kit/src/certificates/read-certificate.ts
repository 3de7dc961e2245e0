import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Certificate } from './certificate.ts';
import type { CertificateFiles } from './list-files.ts';
import { parseCertificate } from './parse-certificate.ts';

/** Far more than a chain with its key takes. */
const mostBytes = 262_144;

/** The certificate in the files, or why there is none. */
export async function readCertificate({
  name,
  chainPath,
  keyPath,
}: Pick<CertificateFiles, 'name' | 'chainPath' | 'keyPath'>): Promise<Certificate | { readonly problem: string }> {
  const chain = await readText(chainPath);
  if (typeof chain !== 'string') return chain;
  // Of an `x.pem` with everything in it, an `x.key` beside it says nothing new.
  if (keyPath === undefined || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(chain)) {
    return parseCertificate({ name, source: chainPath, chain, key: undefined });
  }
  const key = await readText(keyPath);
  if (typeof key !== 'string') return { problem: `its private key: ${key.problem}` };
  return parseCertificate({ name, source: chainPath, chain, key });
}

async function readText(path: string): Promise<string | { readonly problem: string }> {
  try {
    // Not to wait for the other end of a pipe that somebody put there.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) return { problem: 'it is not a file' };
      if (stats.size > mostBytes) return { problem: `it is larger than ${mostBytes} bytes` };
      return await handle.readFile('latin1');
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return { problem: `it cannot be read (${code})` };
  }
}
