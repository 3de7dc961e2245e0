import { parseBaseUrl, readAuthorization } from '@signalbox/source-kit';
import type { ResolvedMesosDnsOptions } from '../options.ts';

/** One Mesos-DNS with an HTTP API. */
export interface HttpServer {
  /** Without credentials and without a slash at the end. Safe to show. */
  readonly url: string;
  /** The value of the header, read anew for every request. */
  readonly authorization?: () => Promise<string>;
}

export function parseServers({
  urls = [],
  auth,
}: Pick<ResolvedMesosDnsOptions, 'urls' | 'auth'>): readonly HttpServer[] {
  const shared = auth && readAuthorization(auth);
  const servers = new Map<string, HttpServer>();
  for (const text of urls) {
    const { url, credentials } = parseBaseUrl(text);
    const authorization = credentials === undefined ? shared : readAuthorization({ basic: credentials });
    servers.set(url, { url, ...(authorization !== undefined && { authorization }) });
  }
  return [...servers.values()];
}
