import { parseBaseUrl, readAuthorization } from '@signalbox/source-kit';
import type { ResolvedHttpOptions } from '../options.ts';

/** One URL to read. */
export interface HttpEndpoint {
  /** Without credentials; with its query, which messages leave out. */
  readonly url: string;
  /** The value of the header, read anew for every request. */
  readonly authorization?: () => Promise<string>;
}

export function parseEndpoints({ urls, auth }: Pick<ResolvedHttpOptions, 'urls' | 'auth'>): readonly HttpEndpoint[] {
  const shared = auth && readAuthorization(auth);
  const endpoints = new Map<string, HttpEndpoint>();
  for (const text of urls) {
    const { credentials } = parseBaseUrl(text);
    const parsed = new URL(text);
    parsed.username = '';
    parsed.password = '';
    const url = parsed.href;
    const authorization = credentials === undefined ? shared : readAuthorization({ basic: credentials });
    endpoints.set(url, { url, ...(authorization !== undefined && { authorization }) });
  }
  return [...endpoints.values()];
}

export function isEndpointUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.hash === '';
}
