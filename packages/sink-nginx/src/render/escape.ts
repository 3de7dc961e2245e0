import { SinkError } from '@signalbox/core';

/**
 * One function per context, each the last guard before the text leaves: what was validated passes, anything else is a bug and throws.
 * Unquoted, nginx ends a word only at white space, `;` and `{`, and gives `"`, `'`, `$`, `\` and `}` another meaning; so user text is always quoted.
 */

/** A generated name. */
export function name(text: string): string {
  if (!/^[a-z0-9_-]+$/.test(text)) throw refused('name', text);
  return text;
}

/** A path of ours, unquoted. */
export function path(text: string): string {
  if (!/^[A-Za-z0-9._/@+,=~-]+$/.test(text)) throw refused('path', text);
  return text;
}

/** One word that nginx takes as it is: in double quotes only `\` and `"` are special, and nothing makes `$name` literal. */
export function quoted(text: string): string {
  if (/[\p{Cc}$]/u.test(text)) throw refused('argument', text);
  return `"${escapeQuoted(text)}"`;
}

/** One word of a directive that knows variables: `$` comes out of a variable that holds nothing else. */
export function quotedWithVariables(text: string): string {
  if (/\p{Cc}/u.test(text)) throw refused('argument', text);
  return `"${escapeQuoted(text).replaceAll('$', `\${${dollarVariable}}`)}"`;
}

/** Defined by `geo`, whose values are taken as they are. */
export const dollarVariable = 'signalbox_dollar';

/** A regular expression as the key of a map, where `$` is no variable. */
export function quotedRegex(text: string): string {
  if (/\p{Cc}/u.test(text)) throw refused('regular expression', text);
  return `"~${escapeQuoted(text)}"`;
}

/** A host name as the key of a map; those that are words of `map` itself get a backslash. */
export function hostKey(text: string): string {
  if (!/^(\*\.)?[a-z0-9.-]+$/.test(text)) throw refused('host name', text);
  return /^(default|hostnames|include|volatile)$/.test(text) ? `"\\\\${text}"` : `"${text}"`;
}

/** Literal text within a regular expression. */
export function regexLiteral(text: string): string {
  return text.replace(/[^A-Za-z0-9/_-]/g, '\\$&');
}

/** An address and port as `listen` and `server` take it. */
export function addressAndPort(address: string, port: number): string {
  if (!/^(\*|[0-9a-fA-F:.]+)$/.test(address)) throw refused('address', address);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw refused('port', String(port));
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function escapeQuoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

function refused(kind: string, text: string): SinkError {
  return new SinkError(`a ${kind} cannot be written for nginx: ${JSON.stringify(text.slice(0, 80))}`, {
    code: 'SINK_APPLY_FAILED',
    retryable: false,
    hint: 'this text should have been refused earlier; please report it',
  });
}
