import type { Route } from '@signalbox/core';
import { isPassthrough, passthroughProblem, sha256 } from '@signalbox/sink-kit';
import type { FilterRule, RouteFilter } from '../model.ts';
import { backendName } from '../names.ts';
import { describeBasicAuth } from './basic-auth.ts';
import { describeHeaderEdits } from './header-edits.ts';
import { describeRedirect } from './redirect.ts';
import { describeRewrite } from './rewrite.ts';

/** Rules of HAProxy, or why there are none. */
export type FilterPart = { readonly rules: readonly FilterRule[] } | { readonly problem: string };

export interface DescribedFilter {
  /** Undefined when the route only leads its requests, or cannot be had at all. */
  readonly filter: RouteFilter | undefined;
  /** A wish that cannot be granted. With a filter, that one refuses every request. */
  readonly problem: string | undefined;
}

/**
 * What a route does to its requests and answers. A route with users that cannot be granted is closed rather than left out: the next specific
 * route would take its requests, and ask nobody who they are.
 */
export function describeFilter(serviceId: string, route: Route): DescribedFilter {
  const described = describeRules(route);
  if (!('problem' in described)) {
    const { requestRules, responseRules } = described;
    const isPlain = requestRules.length === 0 && responseRules.length === 0;
    return { filter: isPlain ? undefined : createFilter(serviceId, described), problem: undefined };
  }
  const closed = {
    requestRules: [{ action: 'http-request deny deny_status 403' }],
    responseRules: [],
    userlist: undefined,
  };
  return {
    filter: route.auth === undefined ? undefined : createFilter(serviceId, closed),
    problem: described.problem,
  };
}

type FilterRules = Omit<RouteFilter, 'id' | 'backend'>;

function describeRules(route: Route): FilterRules | { problem: string } {
  if (isPassthrough(route)) return { problem: passthroughProblem };
  const { auth, redirect, rewrite, requestHeaders = {}, responseHeaders = {} } = route;
  if (redirect !== undefined && rewrite !== undefined) return { problem: 'a redirect leaves nothing to rewrite' };
  const authentication = auth === undefined ? undefined : describeBasicAuth(auth);
  if (authentication !== undefined && 'problem' in authentication) return authentication;
  const { userlist, rule } = authentication ?? {};
  // Before everything else: a redirect tells where something is.
  const requestRules: FilterRule[] = rule === undefined ? [] : [rule];
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
  return { requestRules, responseRules, userlist };
}

/** The name comes from the service and the rules, so that a map entry never says anything else than the structure which it was made for. */
function createFilter(serviceId: string, rules: FilterRules): RouteFilter {
  const digest = sha256(JSON.stringify([serviceId, rules.requestRules, rules.responseRules]));
  return { id: `r_${digest.slice(0, 12)}`, backend: backendName(serviceId), ...rules };
}
