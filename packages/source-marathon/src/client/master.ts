import type { ResolvedMarathonOptions } from '../options.ts';

/** One Marathon node as configured, with its credentials kept apart from everything that is shown. */
export interface Master {
  /** Without credentials and without a slash at the end; may carry a path prefix. Safe to show. */
  readonly url: string;
  /** `host:port` in lower case, with the scheme's default port spelled out. */
  readonly authority: string;
  /** Value of the `Authorization` header. */
  readonly authorization?: string;
}

export function parseMasters(options: Pick<ResolvedMarathonOptions, 'urls' | 'auth'>): readonly Master[] {
  const masters = new Map<string, Master>();
  for (const text of options.urls) {
    const parsed = new URL(text);
    const own =
      parsed.username === '' && parsed.password === ''
        ? undefined
        : { username: decode(parsed.username), password: decode(parsed.password) };
    const credentials = own ?? options.auth?.basic;
    const url = `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`;
    if (masters.has(url)) continue;
    masters.set(url, {
      url,
      authority: authorityOf(parsed),
      ...(credentials !== undefined && { authorization: basic(credentials) }),
    });
  }
  return [...masters.values()];
}

export function authorityOf(url: URL): string {
  return `${url.hostname.toLowerCase()}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** A URL that may be shown: without credentials, and without the query, which may carry a token. */
export function showUrl(text: string, base?: string): string {
  if (!URL.canParse(text, base)) return 'an unreadable URL';
  const url = new URL(text, base);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}`;
}

/** A stray `%` in a password is meant as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
