import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPipelineError } from '@signalbox/core';
import { toFileError } from '../files/file-error.ts';
import type { Certificate } from './certificate.ts';

/** The files that a proxy is to judge, in a folder that is readable for its owner alone and gone afterwards. */
export interface CertificateTrial {
  readonly directory: string;
  /** One for each certificate: key, certificate and chain. */
  readonly paths: readonly string[];
}

/** What a proxy has against the files; undefined when it takes them all. */
export type TryCertificates = (trial: CertificateTrial) => Promise<string | undefined>;

/**
 * What a proxy has against certificates, by name. It has the last word: its TLS library may ask for longer keys than the one of Node. All at
 * once first; one by one only when it complains.
 *
 * @throws {SinkError} when the files cannot be written, and whatever `attempt` throws.
 */
export async function checkCertificates(
  certificates: readonly Certificate[],
  attempt: TryCertificates,
): Promise<ReadonlyMap<string, string>> {
  const words = new Map<string, string>();
  const together = await tryTogether(certificates, attempt);
  if (together === undefined) return words;
  const [first] = certificates;
  if (first !== undefined && certificates.length === 1) return new Map([[first.name, together]]);
  for (const certificate of certificates) {
    const against = await tryTogether([certificate], attempt);
    if (against !== undefined) words.set(certificate.name, against);
  }
  return words;
}

async function tryTogether(
  certificates: readonly Certificate[],
  attempt: TryCertificates,
): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
  try {
    const paths = certificates.map((_, index) => join(directory, `${index}.pem`));
    for (const [index, { readPem }] of certificates.entries()) {
      await writeFile(paths[index] ?? '', readPem(), { mode: 0o600 });
    }
    return await attempt({ directory, paths });
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && !isPipelineError(error)) {
      throw toFileError(error, 'writing', directory);
    }
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
