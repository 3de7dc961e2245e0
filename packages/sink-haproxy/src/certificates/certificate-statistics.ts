import type { CertificateStatistics } from '@signalbox/core';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import type { Settings } from '../settings.ts';
import type { CertificateKeeper } from './certificate-keeper.ts';
import { certificatePath, certificatePaths } from './certificate-paths.ts';
import { observeCertificates } from './observe-certificates.ts';

/**
 * What the running process offers to clients, as it tells itself, and not what should be in force: a renewal that did not get through shows here.
 * The second copy of the default certificate is left out.
 *
 * @throws {SinkError} when HAProxy does not answer.
 */
export async function readCertificateStatistics(
  connection: RuntimeConnection,
  settings: Settings,
  keeper: CertificateKeeper,
): Promise<readonly CertificateStatistics[]> {
  const paths = certificatePaths(settings.runDirectory);
  const observed = await observeCertificates(connection, paths);
  const sources = new Map<string, string>();
  for (const [name, { source }] of keeper.store.certificates) sources.set(certificatePath(paths, name), source);
  const statistics: CertificateStatistics[] = [];
  for (const [path, { hostnames, notBeforeMs, notAfterMs }] of observed?.certificates ?? []) {
    if (path === paths.default || observed?.listed.has(path) !== true) continue;
    statistics.push({ source: sources.get(path) ?? path, hostnames, notBeforeMs, notAfterMs });
  }
  return statistics;
}
