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
