import { basename } from 'node:path';
import type { PlannedChange } from '@signalbox/core';
import { type Certificate, formatDay } from '@signalbox/sink-kit';
import {
  createCertificateCommand,
  deleteCertificateCommand,
  fitsRuntime,
  listCertificateCommand,
  unlistCertificateCommand,
  updateCertificateCommands,
} from '../control/certificates.ts';
import type { RuntimeCommand } from '../control/runtime-command.ts';
import type { CertificatePaths } from './certificate-paths.ts';
import type { ObservedCertificates } from './observe-certificates.ts';

/** One change of a certificate with the commands that make it. The commands hold the key: nobody but the socket may see them. */
export interface CertificateChange {
  readonly change: PlannedChange;
  readonly path: string;
  /** Undefined when it goes. */
  readonly certificate: Certificate | undefined;
  readonly readCommands: () => readonly RuntimeCommand[];
}

export interface CertificateDiff {
  readonly changes: readonly CertificateChange[];
  /** Paths of what only a reload brings into force, with the reason for people. */
  readonly reloads: ReadonlyMap<string, string>;
}

/**
 * What the running process can be told without a reload. It shows the fingerprint of a certificate and not its chain, so the copy on the disk,
 * which is written after the process took it, has to be right as well.
 */
export function diffCertificates(
  paths: CertificatePaths,
  placed: ReadonlyMap<string, Certificate>,
  observed: ObservedCertificates,
  copies: ReadonlyMap<string, string | undefined>,
): CertificateDiff {
  const changes: CertificateChange[] = [];
  const reloads = new Map<string, string>();
  for (const [path, certificate] of placed) {
    const listed = observed.listed.has(path);
    const sameLeaf = observed.certificates.get(path)?.fingerprint === certificate.fingerprint;
    if (listed && sameLeaf && copies.get(path) === certificate.contentHash) continue;
    const pem = certificate.readPem();
    if (path === paths.default && !listed) reloads.set(path, 'there is a default certificate');
    else if (!fitsRuntime(path, pem)) {
      reloads.set(path, `the certificate ${certificate.name} is longer than HAProxy takes at runtime`);
    } else {
      changes.push({
        change: toChange(path === paths.default ? 'default certificate' : `certificate ${certificate.name}`, {
          event: listed ? (sameLeaf ? 'put in place again' : 'renewed') : 'added',
          certificate,
          isDefault: path === paths.default,
        }),
        path,
        certificate,
        readCommands: () => [
          ...(observed.held.has(path) ? [] : [createCertificateCommand(path)]),
          ...updateCertificateCommands(path, pem),
          ...(listed ? [] : [listCertificateCommand(paths.list, path)]),
        ],
      });
    }
  }
  for (const path of new Set([...observed.listed, ...observed.held])) {
    // HAProxy never lets go of its default, and refuses to be told to.
    if (placed.has(path) || path === paths.default || !path.startsWith(`${paths.directory}/`)) continue;
    const name = basename(path, '.pem');
    changes.push({
      change: {
        action: 'runtime',
        target: `certificate ${name}`,
        summary: `certificate ${name} removed`,
        services: [],
      },
      path,
      certificate: undefined,
      readCommands: () => [
        ...(observed.listed.has(path) ? [unlistCertificateCommand(paths.list, path)] : []),
        ...(observed.held.has(path) ? [deleteCertificateCommand(path)] : []),
      ],
    });
  }
  return { changes, reloads };
}

function toChange(
  target: string,
  {
    event,
    certificate,
    isDefault,
  }: { readonly event: string; readonly certificate: Certificate; readonly isDefault: boolean },
): PlannedChange {
  const { name, notAfterMs } = certificate;
  const what = isDefault ? `default certificate, ${name},` : `certificate ${name}`;
  return {
    action: 'runtime',
    target,
    summary: `${what} ${event}, valid until ${formatDay(notAfterMs)}`,
    services: [],
  };
}
