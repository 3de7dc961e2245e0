import type { Route } from '@signalbox/core';
import {
  checkBasicAuth,
  checkHeaderEdits,
  checkRedirect,
  checkRewrite,
  isPassthrough,
  passthroughProblem,
} from '@signalbox/sink-kit';
import type { RedirectAction, RouteActions } from '../model.ts';

export interface DescribedActions {
  /** Undefined when the route only leads its requests, or cannot be had at all. */
  readonly actions: RouteActions | undefined;
  /** A wish that cannot be granted. With actions, these refuse every request. */
  readonly problem: string | undefined;
}

/**
 * What a route does to its requests and answers. A route with users that cannot be granted is closed rather than left out: the next specific
 * route would take its requests, and ask nobody who they are.
 */
export function describeActions(route: Route, { hasLua }: { readonly hasLua: boolean }): DescribedActions {
  const described = describeAll(route, hasLua);
  if ('problem' in described) {
    return { actions: route.auth === undefined ? undefined : { deny: true }, problem: described.problem };
  }
  return { actions: Object.keys(described).length === 0 ? undefined : described, problem: undefined };
}

function describeAll(route: Route, hasLua: boolean): RouteActions | { readonly problem: string } {
  const { auth, redirect, rewrite, requestHeaders, responseHeaders } = route;
  if (isPassthrough(route)) return { problem: passthroughProblem };
  if (redirect !== undefined && rewrite !== undefined) return { problem: 'a redirect leaves nothing to rewrite' };
  if (auth !== undefined && !hasLua) return { problem: 'nginx needs its Lua module for basic authentication' };
  const checked = {
    auth: auth && checkBasicAuth(auth),
    redirect: redirect && describeRedirect(redirect),
    requestHeaders: requestHeaders && checkHeaderEdits(requestHeaders),
    rewrite: rewrite && checkRewrite(rewrite, route.path),
    responseHeaders: responseHeaders && checkHeaderEdits(responseHeaders),
  };
  for (const part of Object.values(checked)) if (part !== undefined && 'problem' in part) return part;
  const { auth: users, ...rest } = checked as {
    readonly auth: { readonly realm: string; readonly users: ReadonlyMap<string, string> } | undefined;
  } & Omit<RouteActions, 'auth' | 'deny'>;
  return withoutUndefined({
    ...(users !== undefined && { auth: { realm: users.realm, users: Object.fromEntries(users.users) } }),
    ...rest,
  });
}

function describeRedirect(redirect: NonNullable<Route['redirect']>): RedirectAction | { readonly problem: string } {
  const checked = checkRedirect(redirect);
  if ('problem' in checked) return checked;
  const { scheme, hostname, port, keepsPort, path, status } = checked;
  const origin = !keepsPort || hostname !== undefined;
  const onlyScheme =
    scheme !== undefined && hostname === undefined && redirect.port === undefined && path === undefined;
  return { status, scheme, hostname, port, keepsPort, path, origin, onlyScheme };
}

function withoutUndefined(actions: RouteActions): RouteActions {
  return Object.fromEntries(Object.entries(actions).filter(([, value]) => value !== undefined)) as RouteActions;
}
