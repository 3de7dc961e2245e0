import { join } from 'node:path';
import { type Certificate, findDefaultCertificate } from '@signalbox/sink-kit';
import * as safe from '../render/escape.ts';

/** Where HAProxy finds certificates: copies of ours, so that it never meets a file that nobody has looked at. */
export interface CertificatePaths {
  /** The `crt-list` of all listeners. */
  readonly list: string;
  readonly directory: string;
  /**
   * A second copy of the certificate for clients that name no host that is known. It has a path of its own because HAProxy never lets go of the
   * first certificate of a list (`del ssl crt-list` refuses it, 2.6 to 3.2), and so another one can take its place by a renewal.
   */
  readonly default: string;
}

export function certificatePaths(runDirectory: string): CertificatePaths {
  return {
    list: safe.path(join(runDirectory, 'certificates.list')),
    directory: safe.path(join(runDirectory, 'certificates')),
    default: safe.path(join(runDirectory, 'default-certificate.pem')),
  };
}

export function certificatePath(paths: CertificatePaths, name: string): string {
  return safe.path(join(paths.directory, `${name}.pem`));
}

/** The first certificate of a list is its default; asked for by this name alone, it is in nobody's way. */
export const defaultFilter = 'default.invalid';

/** Certificates by the path where HAProxy has them, the default first. */
export function placeCertificates(
  paths: CertificatePaths,
  certificates: ReadonlyMap<string, Certificate>,
  defaultName: string | undefined,
): ReadonlyMap<string, Certificate> {
  const placed = new Map<string, Certificate>();
  const byDefault = findDefaultCertificate(certificates, defaultName);
  if (byDefault !== undefined) placed.set(paths.default, byDefault);
  for (const [name, certificate] of certificates) placed.set(certificatePath(paths, name), certificate);
  return placed;
}

export function renderCertificateList(paths: CertificatePaths, placed: Iterable<string>): string {
  return [...placed].map((path) => (path === paths.default ? `${path} ${defaultFilter}\n` : `${path}\n`)).join('');
}
