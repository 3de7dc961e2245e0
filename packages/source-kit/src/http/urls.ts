/** `host:port` in lower case, with the scheme's default port spelled out. */
export function authorityOf(url: URL): string {
  return `${url.hostname.toLowerCase()}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

/** A URL that may be shown: without credentials, and without the query, which may carry a token. */
export function showUrl(text: string, base?: string): string {
  if (!URL.canParse(text, base)) return 'an unreadable URL';
  const url = new URL(text, base);
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** A configured base URL, with its credentials kept apart from everything that is shown. */
export interface BaseUrl {
  /** Without credentials and without a slash at the end; may carry a path prefix. Safe to show. */
  readonly url: string;
  /** `host:port` in lower case, with the scheme's default port spelled out. */
  readonly authority: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

export function parseBaseUrl(text: string): BaseUrl {
  const parsed = new URL(text);
  const { username, password } = parsed;
  const url = `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`;
  const authority = authorityOf(parsed);
  if (username === '' && password === '') return { url, authority };
  return { url, authority, credentials: { username: decode(username), password: decode(password) } };
}

/** A stray `%` in a password is meant as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
