import type { TextResult } from './text-result.ts';

/** The characters of RFC 3986 paths without `;`, quotes and parentheses, which have a meaning in some proxy's syntax. */
const pathPattern = /^\/[A-Za-z0-9._~!&*+,=:@%/-]*$/;

/** An absolute URL path of harmless characters: no space, quote, `;`, `#`, `$`, `\`, brace. At most 1024 characters. */
export function checkPath(text: string): TextResult {
  if (!text.startsWith('/')) return { ok: false, reason: 'a path starts with "/"' };
  if (text.length > 1_024) return { ok: false, reason: 'the path is longer than 1024 characters' };
  if (!pathPattern.test(text)) {
    return { ok: false, reason: 'a path has only letters, digits and . _ ~ ! & * + , = : @ % / -' };
  }
  return { ok: true, value: text };
}
