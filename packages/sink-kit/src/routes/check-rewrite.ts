import type { PathMatch, Rewrite } from '@signalbox/core';
import { checkHostname } from '../text/hostname.ts';
import { checkPath } from '../text/path.ts';

/** The query stays in each case. At most one of `path` and `prefix` is there. */
export interface CheckedRewrite {
  readonly hostname: string | undefined;
  readonly path: string | undefined;
  /** Both without slashes at the end: `/a` to `/b` makes `/b` of `/a` and `/b/x` of `/a/x`; to nothing it makes `/` and `/x` (Gateway API, ReplacePrefixMatch). */
  readonly prefix: { readonly from: string; readonly to: string } | undefined;
}

export function checkRewrite(
  rewrite: Rewrite,
  match: PathMatch | undefined,
): CheckedRewrite | { readonly problem: string } {
  const { hostname, path, pathPrefix } = rewrite;
  if (path !== undefined && pathPrefix !== undefined) return { problem: 'it rewrites both the path and its prefix' };
  const checkedPath = path === undefined ? undefined : checkPath(path);
  if (checkedPath?.ok === false) return { problem: `the path of its rewrite is unusable: ${checkedPath.reason}` };
  const prefix = pathPrefix === undefined ? undefined : checkPrefix(pathPrefix, match);
  if (prefix !== undefined && 'problem' in prefix) return prefix;
  const host = hostname === undefined ? undefined : checkHostname(hostname);
  if (host?.ok === false) return { problem: `the host name of its rewrite is unusable: ${host.reason}` };
  if (host?.value.startsWith('*.')) return { problem: 'the host name of its rewrite is a wildcard' };
  return { hostname: host?.value, path: checkedPath?.value, prefix };
}

function checkPrefix(
  pathPrefix: string,
  match: PathMatch | undefined,
): { readonly from: string; readonly to: string } | { readonly problem: string } {
  if (match !== undefined && match.type !== 'prefix') return { problem: 'it rewrites a prefix, and its path is none' };
  const from = checkPath(match?.value ?? '/');
  const to = checkPath(pathPrefix);
  if (!from.ok) return { problem: from.reason };
  if (!to.ok) return { problem: `the prefix of its rewrite is unusable: ${to.reason}` };
  return { from: from.value.replace(/\/+$/, ''), to: to.value.replace(/\/+$/, '') };
}
