import { join } from 'node:path';
import type { Certificate, ListenerTls } from '@signalbox/sink-kit';
import { anyHost } from '../certificates/certificates-by-host.ts';
import type { ShownCertificates } from '../desired/model.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';

/** Part of the configuration, in a file of its own because it holds keys. */
export function certificatesPath(runDirectory: string): string {
  return join(runDirectory, 'certificates.conf');
}

/** One word of a configuration has less than 4096 bytes (`NGX_CONF_BUFFER`), so a certificate stands in pieces. */
const pieceLength = 3_000;

/** Servers that refuse unknown names look their certificates up elsewhere than those that show the default. */
type Table = 'known' | 'any';

const tableOf = ({ strictSni }: ListenerTls): Table => (strictSni ? 'known' : 'any');

/**
 * Certificates as maps from the name in the handshake to PEM text: nginx evaluates `ssl_certificate` with variables for each handshake (1.15.9), and
 * takes text in place of a file (1.15.10). So one server does for all of them, and workers need no right to read keys.
 */
export function renderCertificates(
  certificates: ShownCertificates,
  listeners: readonly (ListenerTls | undefined)[],
): string {
  const tables = new Set(listeners.flatMap((tls) => (tls === undefined ? [] : [tableOf(tls)])));
  const { slots, pieces } = measure(certificates);
  return [...tables]
    .flatMap((table) => Array.from({ length: slots }, (_, slot) => renderSlot({ table, slot, pieces }, certificates)))
    .map((text) => `${text}\n`)
    .join('');
}

/** The lines of a server. A slot for each kind of key that one name has; nginx chooses by what the client can use. */
export function certificateLines(certificates: ShownCertificates, tls: ListenerTls): readonly string[] {
  const { slots, pieces } = measure(certificates);
  return Array.from({ length: slots }, (_, slot) => {
    const words = Array.from({ length: pieces }, (__, piece) => `$${pieceName(tableOf(tls), slot, piece)}`);
    const text = `"data:${words.join('')}"`;
    return [`ssl_certificate ${text};`, `ssl_certificate_key ${text};`];
  }).flat();
}

function measure({ byName, byHost }: ShownCertificates): { readonly slots: number; readonly pieces: number } {
  return {
    slots: Math.max(1, ...[...byHost.values()].map((shown) => shown.length)),
    pieces: Math.max(1, ...[...byName.values()].map(({ readPem }) => Math.ceil(readPem().length / pieceLength))),
  };
}

interface Slot {
  readonly table: Table;
  readonly slot: number;
  readonly pieces: number;
}

function renderSlot({ table, slot, pieces }: Slot, { byName, byHost }: ShownCertificates): string {
  const indexes = new Map([...byName.keys()].map((name, index) => [name, index]));
  const used = new Map<number, Certificate>();
  const names: string[] = [];
  for (const [host, shown] of byHost) {
    const certificate = shown[slot];
    if (certificate === undefined || (host === anyHost && table === 'known')) continue;
    const index = indexes.get(certificate.name) ?? 0;
    used.set(index, certificate);
    names.push(`${hostWord(host)} ${index};`);
  }
  const index = `$signalbox_certificate_${table}_${slot}`;
  // Not by `block`, whose indentation would get into the text.
  const maps = Array.from({ length: pieces }, (_, piece) =>
    [
      `map ${index} $${pieceName(table, slot, piece)} {`,
      // A name without a certificate of this kind has the one before twice: nginx takes none for an error.
      `default ${slot === 0 ? '""' : `$${pieceName(table, slot - 1, piece)}`};`,
      ...[...used].map(([key, { readPem }]) => `${key} "${pieceOf(readPem(), piece)}";`),
      '}',
    ].join('\n'),
  );
  return [block(`map $ssl_server_name ${index}`, names), ...maps].join('\n');
}

function pieceName(table: Table, slot: number, piece: number): string {
  return `signalbox_pem_${table}_${slot}_${piece}`;
}

/** A wildcard is for one label, where those of `map` are for any number. */
function hostWord(host: string): string {
  if (host === anyHost) return 'default';
  if (host.startsWith('*.')) return safe.quotedRegex(`^[^.]+${safe.regexLiteral(host.slice(1))}$`).replace('~', '~*');
  return safe.hostKey(host);
}

/** Between quotes, line ends are taken as they are. */
function pieceOf(pem: string, piece: number): string {
  if (!/^[A-Za-z0-9+/= \n-]*$/.test(pem)) throw new TypeError('this is no PEM');
  return pem.slice(piece * pieceLength, (piece + 1) * pieceLength);
}
