import { createCredentials, fixedBasic } from '../auth/create-credentials.ts';
import type { Credentials } from '../auth/credentials.ts';
import type { ResolvedMarathonOptions } from '../options.ts';
import { authorityOf } from './urls.ts';

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
    const parsed = new URL(text);
    const { username, password } = parsed;
    const credentials = username === '' && password === '' ? shared : fixedBasic(decode(username), decode(password));
    const url = `${parsed.protocol}//${parsed.host}${parsed.pathname.replace(/\/+$/, '')}`;
    if (masters.has(url)) continue;
    masters.set(url, { url, authority: authorityOf(parsed), ...(credentials !== undefined && { credentials }) });
  }
  return [...masters.values()];
}

/** A stray `%` in a password is meant as it stands. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
