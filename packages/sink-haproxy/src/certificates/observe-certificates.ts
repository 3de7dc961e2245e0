import {
  type RuntimeCertificate,
  readCertificateList,
  readCertificateStore,
  readCertificates,
} from '../control/certificates.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import type { CertificatePaths } from './certificate-paths.ts';

/** What one process offers to clients. */
export interface ObservedCertificates {
  /** Paths in the list of the listeners. */
  readonly listed: ReadonlySet<string>;
  /** By path, also those in no list; only ours. */
  readonly certificates: ReadonlyMap<string, RuntimeCertificate>;
  /** Held without content, or with. */
  readonly held: ReadonlySet<string>;
  /** Updates that somebody began and did not finish. */
  readonly unfinished: readonly string[];
}

/** Undefined when the process has no listener with our list: then only a reload brings it. */
export async function observeCertificates(
  connection: RuntimeConnection,
  paths: CertificatePaths,
): Promise<ObservedCertificates | undefined> {
  const listed = await readCertificateList(connection, paths.list);
  if (listed === undefined) return undefined;
  const store = await readCertificateStore(connection);
  const ours = store.paths.filter((path) => path === paths.default || path.startsWith(`${paths.directory}/`));
  return {
    listed: new Set(listed),
    held: new Set(ours),
    certificates: await readCertificates(connection, ours),
    unfinished: store.unfinished,
  };
}
