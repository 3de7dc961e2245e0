import { domainToASCII } from 'node:url';
import type { TextResult } from './text-result.ts';

const label = '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
const hostnamePattern = new RegExp(`^${label}(\\.${label})*$`);

/**
 * A host name for routing: lower case, IDNA done, trailing dot removed, labels of at most 63 and together at most 253
 * characters (RFC 1123). `*.` in front is allowed.
 */
export function checkHostname(text: string): TextResult {
  const wildcard = text.startsWith('*.');
  const result = checkPlainHostname(wildcard ? text.slice(2) : text);
  if (!result.ok || !wildcard) return result;
  if (result.value.length > 251) return { ok: false, reason: 'the host name is longer than 253 characters' };
  return { ok: true, value: `*.${result.value}` };
}

/** Like {@link checkHostname}, without the wildcard. */
export function checkPlainHostname(text: string): TextResult {
  if (text === '') return { ok: false, reason: 'the host name is empty' };
  if (text.length > 1_000) return { ok: false, reason: 'the host name is longer than 253 characters' };
  const plain = text.toLowerCase().replace(/\.$/, '');
  // Not for ASCII, of which it would drop line breaks, decode percent signs and make addresses of numbers.
  const international = /^[a-z0-9.\-\u0080-\u{10ffff}]+$/u.test(plain) && /[^a-z0-9.-]/.test(plain);
  const name = international ? domainToASCII(plain) : plain;
  if (!hostnamePattern.test(name)) {
    return { ok: false, reason: 'a host name has only letters, digits, dots and hyphens inside' };
  }
  if (name.length > 253) return { ok: false, reason: 'the host name is longer than 253 characters' };
  const labels = name.split('.');
  if (labels.some((part) => part.length > 63)) {
    return { ok: false, reason: 'a part of the host name is longer than 63 characters' };
  }
  return { ok: true, value: name };
}
