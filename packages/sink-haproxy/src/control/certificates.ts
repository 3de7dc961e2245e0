import { SinkError } from '@signalbox/core';
import { maxCommandBytes, type RuntimeCommand } from './runtime-command.ts';
import type { RuntimeConnection } from './runtime-connection.ts';

/** What HAProxy tells of a certificate that it has. */
export interface RuntimeCertificate {
  /** SHA-1 in upper-case hexadecimal. */
  readonly fingerprint: string;
  /** DNS names of the certificate; its common name when it has none. */
  readonly hostnames: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Paths in a `crt-list`, or undefined when the running configuration has no such list. */
export async function readCertificateList(
  connection: RuntimeConnection,
  list: string,
): Promise<readonly string[] | undefined> {
  const [reply = ''] = await connection.send([`show ssl crt-list -n ${toWord(list)}`]);
  return parseCertificateList(reply);
}

/** Rows are `<path>:<line> <filters>` (2.6 to 3.2); options in brackets may stand between. */
export function parseCertificateList(reply: string): readonly string[] | undefined {
  if (!reply.startsWith('# ')) return undefined;
  return reply
    .split('\n')
    .slice(1)
    .flatMap((row) => /^(\S+?):\d+(?:\s|$)/.exec(row)?.[1] ?? []);
}

/** Every certificate that HAProxy holds, used or not. An update that somebody began and never finished is named too: it blocks all others. */
export async function readCertificateStore(
  connection: RuntimeConnection,
): Promise<{ readonly paths: readonly string[]; readonly unfinished: readonly string[] }> {
  const [reply = ''] = await connection.send(['show ssl cert']);
  const rows = reply.split('\n').filter((row) => row !== '' && !row.startsWith('#'));
  return {
    paths: rows.filter((row) => !row.startsWith('*')),
    unfinished: rows.filter((row) => row.startsWith('*')).map((row) => row.slice(1)),
  };
}

/** By path; what HAProxy does not have, or has no content for yet, is absent. */
export async function readCertificates(
  connection: RuntimeConnection,
  paths: readonly string[],
): Promise<ReadonlyMap<string, RuntimeCertificate>> {
  const replies = await connection.send(paths.map((path) => `show ssl cert ${toWord(path)}`));
  return new Map(
    paths.flatMap((path, index) => {
      const certificate = parseCertificateReply(replies[index] ?? '');
      return certificate === undefined ? [] : [[path, certificate] as const];
    }),
  );
}

export function parseCertificateReply(reply: string): RuntimeCertificate | undefined {
  const fields = new Map<string, string>();
  for (const row of reply.split('\n')) {
    const colon = row.indexOf(': ');
    if (colon > 0 && !fields.has(row.slice(0, colon))) fields.set(row.slice(0, colon), row.slice(colon + 2));
  }
  const fingerprint = fields.get('SHA1 FingerPrint');
  if (fingerprint === undefined) return undefined;
  const names = [...(fields.get('Subject Alternative Name') ?? '').matchAll(/(?:^|, )DNS:([^,]+)/g)];
  const commonName = /\/CN=([^/]*)/.exec(fields.get('Subject') ?? '')?.[1];
  const hostnames = names.length > 0 ? names.map(([, name = '']) => name) : [commonName ?? ''];
  return {
    fingerprint,
    hostnames: hostnames.filter((name) => name !== ''),
    notBeforeMs: Date.parse(fields.get('notBefore') ?? ''),
    notAfterMs: Date.parse(fields.get('notAfter') ?? ''),
  };
}

/** A longer one is dropped whole by the command line, and needs a reload. */
export function fitsRuntime(path: string, pem: string): boolean {
  return Buffer.byteLength(`set ssl cert ${path} <<\n${pem}\n`) <= maxCommandBytes;
}

/** Puts a version in place: handshakes that are under way keep the old one, no connection is closed. */
export function updateCertificateCommands(path: string, pem: string): readonly RuntimeCommand[] {
  return [
    { command: `set ssl cert ${toWord(path)} <<`, payload: pem.trimEnd().split('\n') },
    `commit ssl cert ${toWord(path)}`,
  ];
}

export function createCertificateCommand(path: string): RuntimeCommand {
  return `new ssl cert ${toWord(path)}`;
}

export function listCertificateCommand(list: string, path: string): RuntimeCommand {
  return `add ssl crt-list ${toWord(list)} ${toWord(path)}`;
}

export function unlistCertificateCommand(list: string, path: string): RuntimeCommand {
  return `del ssl crt-list ${toWord(list)} ${toWord(path)}`;
}

export function deleteCertificateCommand(path: string): RuntimeCommand {
  return `del ssl cert ${toWord(path)}`;
}

export function abortCertificateCommand(path: string): RuntimeCommand {
  return `abort ssl cert ${toWord(path)}`;
}

/** Whether a reply to one of the commands above says that it was done. HAProxy 3.4 may write lines of commands before it in front of a reply. */
export function isCertificateSuccess(reply: string): boolean {
  return /(?:^|\n)(New empty certificate store|Transaction (created|updated|aborted) for certificate)|Success!$|deleted in crtlist|deleted!$/.test(
    reply,
  );
}

function toWord(path: string): string {
  if (/^[A-Za-z0-9._/@+,=~-]+$/.test(path)) return path;
  throw new SinkError('building a certificate command: the path has a character that HAProxy would not take as it is', {
    code: 'SINK_APPLY_FAILED',
    retryable: false,
    hint: 'keep spaces and special characters out of the path of the run directory',
  });
}
