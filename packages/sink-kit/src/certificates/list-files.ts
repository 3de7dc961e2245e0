import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../files/hash.ts';
import { type CertificateProblem, isCertificateName } from './certificate.ts';

/** The files of one certificate. */
export interface CertificateFiles {
  readonly name: string;
  /** Of the certificates, and of the key unless there is one of its own. */
  readonly chainPath: string;
  readonly keyPath: string | undefined;
  /** Changes when one of them does, also when a symbolic link leads elsewhere. */
  readonly signature: string;
}

export interface FolderListing {
  /** By name, in order. */
  readonly files: readonly CertificateFiles[];
  readonly problems: readonly CertificateProblem[];
  /** Of everything above. */
  readonly signature: string;
}

/** As certbot writes them, and as Kubernetes mounts a secret. */
const pairs = [
  ['fullchain.pem', 'privkey.pem'],
  ['tls.crt', 'tls.key'],
] as const;

/**
 * What looks like a certificate: `x.pem` (with the key in it or in `x.key`), `x.crt` with `x.key`, and folders with a pair of files. Hidden files
 * and everything else are left alone. Symbolic links are followed, because certbot renews by them.
 *
 * @throws {Error} of the file system, when the folder itself cannot be read.
 */
export async function listCertificateFiles(directory: string): Promise<FolderListing> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.')).sort();
  const present = new Set(names);
  const files = new Map<string, CertificateFiles>();
  const problems: CertificateProblem[] = [];
  const add = async (name: string, chainPath: string, keyPath: string | undefined): Promise<void> => {
    if (!isCertificateName(name)) {
      problems.push({ source: chainPath, problem: 'its name has characters other than letters, digits and ._-' });
    } else if (files.has(name)) {
      problems.push({ source: chainPath, problem: `another file is the certificate ${name}` });
    } else {
      const signature = await signatureOf([chainPath, ...(keyPath === undefined ? [] : [keyPath])]);
      files.set(name, { name, chainPath, keyPath, signature });
    }
  };
  for (const entry of names) {
    const path = join(directory, entry);
    const [, stem = '', extension] = /^(.+)\.(pem|crt|key)$/s.exec(entry) ?? [];
    if (extension === 'pem' || extension === 'crt') {
      await add(stem, path, present.has(`${stem}.key`) ? join(directory, `${stem}.key`) : undefined);
    } else if (extension === 'key') {
      if (!present.has(`${stem}.pem`) && !present.has(`${stem}.crt`)) {
        problems.push({ source: path, problem: 'there is no certificate beside this key' });
      }
    } else if ((await statIfThere(path))?.isDirectory() === true) {
      const pair = await findPair(path);
      if (pair !== undefined) await add(entry, ...pair);
    }
  }
  const sorted = [...files.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
  return { files: sorted, problems, signature: sha256(JSON.stringify([sorted, problems])) };
}

/** One file of a pair is enough: reading then says what is missing, and the last good version stays. */
async function findPair(folder: string): Promise<readonly [chain: string, key: string] | undefined> {
  for (const [chainName, keyName] of pairs) {
    const [chain, key] = [join(folder, chainName), join(folder, keyName)];
    if ((await statIfThere(chain)) !== undefined || (await statIfThere(key)) !== undefined) return [chain, key];
  }
  return undefined;
}

async function signatureOf(paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    paths.map(async (path) => {
      const stats = await statIfThere(path);
      return stats === undefined ? 'none' : [stats.dev, stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
    }),
  );
  return parts.join('|');
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}
