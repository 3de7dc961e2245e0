import type { Route, Service } from '@signalbox/core';
import { checkHostname } from '../text/hostname.ts';

export interface PassthroughClaims {
  /** Names, `*.` and a suffix, or `*` for any: what a client may ask for in its handshake. */
  readonly hostnames: readonly string[];
  readonly problems: readonly string[];
}

export interface PassthroughOptions {
  /** Whether a listener speaks TLS. */
  readonly hasTls: boolean;
  /** Labels behind the `*` of a wildcard. Default: any number. */
  readonly mostWildcardLabels?: number;
}

export function isPassthrough({ tls }: Route): boolean {
  return tls?.mode === 'passthrough';
}

/** Host names whose TLS the endpoints end themselves. A route that wants more than a name cannot be had: the rest is encrypted. */
export function claimPassthrough(service: Service, options: PassthroughOptions): PassthroughClaims {
  const hostnames = new Set<string>();
  const problems: string[] = [];
  for (const route of service.routes ?? []) {
    // One with users is closed to everybody, where TLS ends.
    if (!isPassthrough(route) || route.auth !== undefined) continue;
    const problem = findProblem(service, route, options);
    if (problem !== undefined) problems.push(`a route was left out: ${problem}`);
    else claimHostnames(route, options, { hostnames, problems });
  }
  return { hostnames: [...hostnames].sort(), problems };
}

function findProblem({ traffic }: Service, route: Route, { hasTls }: PassthroughOptions): string | undefined {
  if (!hasTls) return 'it asks for TLS, and the sink has no listener with `tls`';
  if (traffic?.endpointTls !== undefined) {
    return 'TLS that is passed through would be wrapped once more by `traffic.endpointTls`';
  }
  const { hostnames: _hostnames, tls: _tls, priority: _priority, ...others } = route;
  return Object.values(others).some((wish) => wish !== undefined) ? passthroughProblem : undefined;
}

export const passthroughProblem = 'TLS that is passed through shows a host name and nothing else';

function claimHostnames(
  route: Route,
  { mostWildcardLabels = Number.POSITIVE_INFINITY }: PassthroughOptions,
  { hostnames, problems }: { readonly hostnames: Set<string>; readonly problems: string[] },
): void {
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
