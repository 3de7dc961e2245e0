import { parseBaseUrl } from '@signalbox/source-kit';
import { createCredentials, fixedBasic } from '../auth/create-credentials.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { ResolvedMarathonOptions } from '../options.ts';

/** One Marathon node as configured, with its credentials kept apart from everything that is shown. */
export interface Master {
  /** Without credentials and without a slash at the end; may carry a path prefix. Safe to show. */
  readonly url: string;
  /** `host:port` in lower case, with the scheme's default port spelled out. */
  readonly authority: string;
  readonly credentials?: Credentials;
}

/** @param now - epoch milliseconds */
export function parseMasters(
  { urls, auth }: Pick<ResolvedMarathonOptions, 'urls' | 'auth'>,
  now: () => number,
): readonly Master[] {
  const origins = [...new Set(urls.map((url) => new URL(url).origin))];
  const shared = auth === undefined ? undefined : createCredentials(auth, origins, now);
  const masters = new Map<string, Master>();
  for (const text of urls) {
    const { url, authority, credentials: own } = parseBaseUrl(text);
    const credentials = own === undefined ? shared : fixedBasic(own.username, own.password);
    if (masters.has(url)) continue;
    masters.set(url, { url, authority, ...(credentials !== undefined && { credentials }) });
  }
  return [...masters.values()];
}
