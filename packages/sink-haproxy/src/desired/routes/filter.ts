import type { Route } from '@signalbox/core';
import { sha256 } from '@signalbox/sink-kit';
import type { FilterRule, RouteFilter } from '../model.ts';
import { backendName } from '../names.ts';
import { describeHeaderEdits } from './header-edits.ts';
import { describeRedirect } from './redirect.ts';
import { describeRewrite } from './rewrite.ts';

/** Rules of HAProxy, or why there are none. */
export type FilterPart = { readonly rules: readonly FilterRule[] } | { readonly problem: string };

/**
 * What a route does to its requests and answers; undefined when it only leads them. The name comes from the service and the rules, so that a map
 * entry never says anything else than the structure which it was made for.
 */
export function describeFilter(serviceId: string, route: Route): RouteFilter | { problem: string } | undefined {
  const { redirect, rewrite, requestHeaders = {}, responseHeaders = {} } = route;
  if (redirect !== undefined && rewrite !== undefined) return { problem: 'a redirect leaves nothing to rewrite' };
  const requestRules: FilterRule[] = [];
  const responseRules: FilterRule[] = [];
  const parts: [rules: FilterRule[], part: FilterPart][] = [
    [requestRules, describeRedirect(redirect)],
    [requestRules, describeHeaderEdits('http-request', requestHeaders)],
    [requestRules, describeRewrite(rewrite, route.path)],
    [responseRules, describeHeaderEdits('http-response', responseHeaders)],
  ];
  for (const [rules, part] of parts) {
    if ('problem' in part) return part;
    rules.push(...part.rules);
  }
  if (requestRules.length === 0 && responseRules.length === 0) return undefined;
  const digest = sha256(JSON.stringify([serviceId, requestRules, responseRules]));
  return { id: `r_${digest.slice(0, 12)}`, backend: backendName(serviceId), requestRules, responseRules };
}
