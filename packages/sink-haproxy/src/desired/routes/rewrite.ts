import type { PathMatch, Rewrite } from '@signalbox/core';
import { checkRewrite } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';
import type { FilterRule } from '../model.ts';
import type { FilterPart } from './filter.ts';

/** The query stays in each case. */
export function describeRewrite(rewrite: Rewrite | undefined, match: PathMatch | undefined): FilterPart {
  if (rewrite === undefined) return { rules: [] };
  const checked = checkRewrite(rewrite, match);
  if ('problem' in checked) return checked;
  const { hostname, path, prefix } = checked;
  const rules: FilterRule[] = [];
  if (path !== undefined) rules.push({ action: `http-request set-path ${safe.quotedLogFormat(path)}` });
  if (prefix !== undefined) rules.push(replacePrefix(prefix));
  if (hostname !== undefined) {
    rules.push({ action: `http-request set-header host ${safe.quotedLogFormat(hostname)}` });
  }
  return { rules };
}

function replacePrefix({ from, to }: { readonly from: string; readonly to: string }): FilterRule {
  const matched = from.replace(/[.*+]/g, '\\$&');
  // Without a prefix in front, the slash behind what was matched must not be lost.
  const [pattern, replacement] = to === '' ? [`^${matched}/*(.*)$`, '/\\1'] : [`^${matched}(/.*)?$`, `${to}\\1`];
  return { action: `http-request replace-path ${safe.quoted(pattern)} ${safe.quotedLogFormat(replacement)}` };
}
