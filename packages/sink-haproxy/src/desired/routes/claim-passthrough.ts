import type { Route, Service } from '@signalbox/core';
import { checkHostname } from '@signalbox/sink-kit';
import type { ListenerKinds } from './scopes.ts';

export interface PassthroughClaims {
  /** Names, `*.` and a suffix, or `*` for any: what a client may ask for in its handshake. */
  readonly hostnames: readonly string[];
  readonly problems: readonly string[];
}

/** The wildcards that are looked up, whether there are any or not: so a new one needs no reload. */
export const mostWildcardLabels = 5;

export function isPassthrough({ tls }: Route): boolean {
  return tls?.mode === 'passthrough';
}

/** Host names whose TLS the endpoints end themselves. A route that wants more than a name cannot be had: the rest is encrypted. */
export function claimPassthrough(service: Service, kinds: ListenerKinds): PassthroughClaims {
  const hostnames = new Set<string>();
  const problems: string[] = [];
  for (const route of service.routes ?? []) {
    // One with users is closed to everybody, where TLS ends.
    if (!isPassthrough(route) || route.auth !== undefined) continue;
    const problem = findProblem(service, route, kinds);
    if (problem !== undefined) problems.push(`a route was left out: ${problem}`);
    else claimHostnames(route, hostnames, problems);
  }
  return { hostnames: [...hostnames].sort(), problems };
}

function findProblem({ traffic }: Service, route: Route, kinds: ListenerKinds): string | undefined {
  if (!kinds.hasTls) return 'it asks for TLS, and the sink has no listener with `tls`';
  if (traffic?.endpointTls !== undefined) {
    return 'TLS that is passed through would be wrapped once more by `traffic.endpointTls`';
  }
  const { hostnames: _hostnames, tls: _tls, priority: _priority, ...others } = route;
  return Object.values(others).some((wish) => wish !== undefined) ? passthroughProblem : undefined;
}

export const passthroughProblem = 'TLS that is passed through shows a host name and nothing else';

function claimHostnames(route: Route, hostnames: Set<string>, problems: string[]): void {
  for (const hostname of route.hostnames?.length ? route.hostnames : ['*']) {
    const host = hostname === '*' ? ({ ok: true, value: '*' } as const) : checkHostname(hostname);
    if (!host.ok) problems.push(`a host name of a route was left out: ${host.reason}`);
    else if (host.value.startsWith('*.') && host.value.split('.').length - 1 > mostWildcardLabels) {
      problems.push(
        `a host name of a route was left out: a wildcard has at most ${mostWildcardLabels} labels behind it`,
      );
    } else hostnames.add(host.value);
  }
}
