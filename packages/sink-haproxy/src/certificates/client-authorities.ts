import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type AuthorityFiles,
  type ClientAuthorities,
  type ClientAuthorityStore,
  checkCopies,
  createClientAuthorityStore,
  type ListenerTls,
  oneLine,
  parseClientAuthorities,
  sha256,
} from '@signalbox/sink-kit';
import { checkConfig, parseConfigMessages } from '../control/check.ts';
import * as safe from '../render/escape.ts';
import { section } from '../render/section.ts';
import type { Settings } from '../settings.ts';

export type ClientCertificates = NonNullable<ListenerTls['clientCertificates']>;

/** Of everything that speaks TLS with clients and asks them for a certificate. */
export function listClientCertificates({
  listeners,
  servicePorts,
  servicePortTls,
}: Pick<Settings, 'listeners' | 'servicePorts' | 'servicePortTls'>): readonly ClientCertificates[] {
  const all = [...listeners.map(({ tls }) => tls), servicePorts ? servicePortTls : undefined];
  return all.flatMap((tls) => tls?.clientCertificates ?? []);
}

/** The same for the same files. */
export function authoritiesName({ caFile, crlFile }: Pick<ClientCertificates, 'caFile' | 'crlFile'>): string {
  return sha256(JSON.stringify([caFile, crlFile ?? null])).slice(0, 8);
}

export interface AuthorityPaths {
  readonly authorities: string;
  readonly revocations: string;
}

/** HAProxy reads copies, so that it never meets a file that nobody has looked at. */
export function authorityPaths(directory: string, name: string): AuthorityPaths {
  return {
    authorities: safe.path(join(directory, `clients-${name}.pem`)),
    revocations: safe.path(join(directory, `clients-${name}.crl.pem`)),
  };
}

/** The copies by path. */
export function renderAuthorityCopies(
  authorities: ReadonlyMap<string, ClientAuthorities>,
  directory: string,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [name, known] of authorities) {
    const paths = authorityPaths(directory, name);
    files.set(paths.authorities, known.authorities);
    if (known.revocations !== undefined) files.set(paths.revocations, known.revocations);
  }
  return files;
}

/** The words of a `bind` that asks clients for a certificate. */
export function verifyWords(
  { verify }: Pick<ClientCertificates, 'verify'>,
  paths: AuthorityPaths,
  hasList: boolean,
): string {
  const list = hasList ? ` crl-file ${paths.revocations}` : '';
  return `verify ${verify} ca-file ${paths.authorities}${list}`;
}

/** Undefined when nobody is asked for a certificate. */
export function createClientAuthorities(settings: Settings): ClientAuthorityStore | undefined {
  const files = new Map<string, AuthorityFiles>();
  for (const { caFile, crlFile } of listClientCertificates(settings)) {
    files.set(authoritiesName({ caFile, crlFile }), { caFile, crlFile });
  }
  if (files.size === 0) return undefined;
  return createClientAuthorityStore({
    proxy: 'HAProxy',
    files,
    readCopy: (name) => readCopy(settings.runDirectory, name, files.get(name)?.crlFile !== undefined),
    check: (authorities, signal) => checkWithHaproxy(settings, authorities, signal),
  });
}

async function readCopy(directory: string, name: string, hasList: boolean): Promise<ClientAuthorities | undefined> {
  const paths = authorityPaths(directory, name);
  try {
    const revocations = hasList ? await readFile(paths.revocations, 'latin1') : undefined;
    const copy = parseClientAuthorities(await readFile(paths.authorities, 'latin1'), revocations);
    return 'problem' in copy ? undefined : copy;
  } catch {
    return undefined;
  }
}

async function checkWithHaproxy(
  { program, global }: Pick<Settings, 'program' | 'global'>,
  authorities: ClientAuthorities,
  signal: AbortSignal,
): Promise<string | undefined> {
  const configOf = (directory: string): string => join(directory, 'haproxy.cfg');
  const error = await checkCopies({
    async write(directory) {
      const list = join(directory, 'none.list');
      await writeFile(list, '');
      for (const [path, text] of renderAuthorityCopies(new Map([['check', authorities]]), directory)) {
        await writeFile(path, text);
      }
      const verify = verifyWords(
        { verify: 'required' },
        authorityPaths(directory, 'check'),
        authorities.revocations !== undefined,
      );
      const bind = `bind 127.0.0.1:1 ssl crt-list ${list} strict-sni ${verify}`;
      await writeFile(
        configOf(directory),
        [section('global', global), section('frontend check', ['mode http', 'timeout client 1s', bind])].join('\n'),
      );
    },
    check: (directory) => checkConfig(configOf(directory), { program, signal }),
  });
  if (error === undefined) return undefined;
  const [alert] = parseConfigMessages(error.output ?? '').filter(({ severity }) => severity === 'alert');
  return oneLine(alert?.text ?? error.message).slice(0, 300);
}
