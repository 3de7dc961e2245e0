import type { PathMatch, Rewrite } from '@signalbox/core';
import { checkHostname, checkPath } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';
import type { FilterRule } from '../model.ts';
import type { FilterPart } from './filter.ts';

/** The query stays in each case. */
export function describeRewrite(rewrite: Rewrite | undefined, match: PathMatch | undefined): FilterPart {
  if (rewrite === undefined) return { rules: [] };
  const { hostname, path, pathPrefix } = rewrite;
  if (path !== undefined && pathPrefix !== undefined) return { problem: 'it rewrites both the path and its prefix' };
  const rules: FilterRule[] = [];
  if (path !== undefined) {
    const checked = checkPath(path);
    if (!checked.ok) return { problem: `the path of its rewrite is unusable: ${checked.reason}` };
    rules.push({ action: `http-request set-path ${safe.quotedLogFormat(checked.value)}` });
  }
  if (pathPrefix !== undefined) {
    const replaced = replacePrefix(pathPrefix, match);
    if ('problem' in replaced) return replaced;
    rules.push(replaced);
  }
  if (hostname !== undefined) {
    const checked = checkHostname(hostname);
    if (!checked.ok) return { problem: `the host name of its rewrite is unusable: ${checked.reason}` };
    if (checked.value.startsWith('*.')) return { problem: 'the host name of its rewrite is a wildcard' };
    rules.push({ action: `http-request set-header host ${safe.quotedLogFormat(checked.value)}` });
  }
  return { rules };
}

/** As the Gateway API's ReplacePrefixMatch: `/a` to `/b` makes `/b` of `/a` and `/b/x` of `/a/x`; to `/` it makes `/` and `/x`. */
function replacePrefix(pathPrefix: string, match: PathMatch | undefined): FilterRule | { problem: string } {
  if (match !== undefined && match.type !== 'prefix') return { problem: 'it rewrites a prefix, and its path is none' };
  const from = checkPath(match?.value ?? '/');
  const to = checkPath(pathPrefix);
  if (!from.ok) return { problem: from.reason };
  if (!to.ok) return { problem: `the prefix of its rewrite is unusable: ${to.reason}` };
  const matched = from.value.replace(/\/+$/, '').replace(/[.*+]/g, '\\$&');
  const prefix = to.value.replace(/\/+$/, '');
  // Without a prefix in front, the slash behind what was matched must not be lost.
  const [pattern, replacement] =
    prefix === '' ? [`^${matched}/*(.*)$`, '/\\1'] : [`^${matched}(/.*)?$`, `${prefix}\\1`];
  return { action: `http-request replace-path ${safe.quoted(pattern)} ${safe.quotedLogFormat(replacement)}` };
}
