import { SinkError } from '@signalbox/core';

/**
 * One function per context, each the last guard before the text leaves: what was validated passes, anything else is a bug and throws.
 * The rules were found by trying every ASCII character in every position (HAProxy 2.6 to 3.4).
 */

/** A generated backend, server or section name. HAProxy would take more, but a raw `#` starts a comment and `$` expands. */
export function name(text: string): string {
  if (!/^[a-z0-9_.-]+$/.test(text)) throw refused('name', text);
  return text;
}

/** One argument in single quotes: everything but the quote itself and line ends is literal there (configuration.txt 2.2). */
export function quoted(text: string): string {
  if (/\p{Cc}/u.test(text)) throw refused('argument', text);
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** One argument that HAProxy reads as a log format. */
export function quotedLogFormat(text: string): string {
  return quoted(text.replaceAll('%', '%%'));
}

/** A path of ours, unquoted: it also names the map in runtime commands. */
export function path(text: string): string {
  if (!/^[A-Za-z0-9._/@+,=~-]+$/.test(text)) throw refused('path', text);
  return text;
}

/** A map key: ends at white space, a `#` in front makes a comment. */
export function mapKey(text: string): string {
  if (!/^[A-Za-z0-9._~!&*+,=:@%/-]+\??$/.test(text)) throw refused('map key', text);
  return text;
}

/** A map value: a generated name, and numbers and names behind colons. */
export function mapValue(text: string): string {
  if (!/^[a-z0-9_.:-]+$/.test(text)) throw refused('map value', text);
  return text;
}

/** The map value of a check: host and path of its request. It ends with its line. */
export function checkRequest(text: string): string {
  if (!/^[A-Za-z0-9.:-]+\/[A-Za-z0-9._~!&*+,=:@%/?-]*$/.test(text)) throw refused('request of a check', text);
  return text;
}

/** An address and port as `server` and `bind` take it. IPv6 goes in brackets, which every version accepts. */
export function addressAndPort(address: string, port: number): string {
  if (!/^(\*|[0-9a-fA-F:.]+)$/.test(address)) throw refused('address', address);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw refused('port', String(port));
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** All ports of a range as `bind` takes them. */
export function addressAndPorts(address: string, { from, to }: { readonly from: number; readonly to: number }): string {
  const first = addressAndPort(address, from);
  addressAndPort(address, to);
  return from === to ? first : `${first}-${to}`;
}

function refused(kind: string, text: string): SinkError {
  return new SinkError(`a ${kind} cannot be written for HAProxy: ${JSON.stringify(text.slice(0, 80))}`, {
    code: 'SINK_APPLY_FAILED',
    retryable: false,
    hint: 'this text should have been refused earlier; please report it',
  });
}
