import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { PlannedChange } from '@signalbox/core';
import { type Certificate, hashFile, sha256, writeFileAtomically } from '@signalbox/sink-kit';
import { type CertificatePaths, renderCertificateList } from './certificate-paths.ts';

/** sha256 of every copy on the disk by path, the list too; undefined for what is not there. */
export type CopyHashes = ReadonlyMap<string, string | undefined>;

export async function hashCopies(paths: CertificatePaths, placed: Iterable<string>): Promise<CopyHashes> {
  const present = await readdir(paths.directory).catch((): string[] => []);
  const known = new Set([
    paths.list,
    ...placed,
    ...present.filter((name) => name.endsWith('.pem')).map((name) => join(paths.directory, name)),
  ]);
  const hashes = new Map<string, string | undefined>();
  for (const path of known) hashes.set(path, await hashFile(path).catch(() => undefined));
  return hashes;
}

/** What of the copies is not as it should be, for people. */
export function describeCopies(
  paths: CertificatePaths,
  placed: ReadonlyMap<string, Certificate>,
  hashes: CopyHashes,
): readonly PlannedChange[] {
  const changes: PlannedChange[] = [];
  for (const [path, { name, contentHash }] of placed) {
    const now = hashes.get(path);
    if (now === contentHash) continue;
    changes.push({
      action: now === undefined ? 'create' : 'update',
      target: path,
      summary: `copy of the certificate ${name} written`,
      services: [],
    });
  }
  const list = hashes.get(paths.list);
  if (list !== sha256(renderCertificateList(paths, placed.keys()))) {
    changes.push({
      action: list === undefined ? 'create' : 'update',
      target: paths.list,
      summary: 'list of the certificates brought up to date',
      services: [],
    });
  }
  for (const path of hashes.keys()) {
    if (path === paths.list || placed.has(path)) continue;
    const summary = `copy of the certificate ${basename(path, '.pem')} removed`;
    changes.push({ action: 'delete', target: path, summary, services: [] });
  }
  return changes;
}

/**
 * Makes the copies so that a restart begins with what runs. Each file alone is old or new, and the list is written when all that it names is there.
 * `kept` are paths whose copy stays as it is.
 */
export async function writeCopies(
  paths: CertificatePaths,
  placed: ReadonlyMap<string, Certificate>,
  hashes: CopyHashes,
  kept: ReadonlySet<string>,
): Promise<void> {
  await mkdir(paths.directory, { recursive: true, mode: 0o700 });
  const listed: string[] = [];
  for (const [path, { contentHash, readPem }] of placed) {
    const now = hashes.get(path);
    if (!kept.has(path) && now !== contentHash) await writeFileAtomically(path, readPem(), { mode: 0o600 });
    if (!kept.has(path) || now !== undefined) listed.push(path);
  }
  await writeFileAtomically(paths.list, renderCertificateList(paths, listed), { mode: 0o600 });
  for (const path of hashes.keys()) {
    if (path !== paths.list && !placed.has(path)) await rm(path, { force: true });
  }
}
