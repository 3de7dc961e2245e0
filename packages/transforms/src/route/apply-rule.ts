import { isEqualData, type PortTls, type Route, type Service, type TrafficPolicy } from '@signalbox/core';
import type { RouteInput, RouteRule } from './route-options.ts';

/** What a rule does to each service that it matches, computed once. */
export interface RuleEffect {
  readonly routes: readonly Route[];
  readonly replaces: boolean;
  readonly traffic?: TrafficPolicy;
  readonly appProtocol?: NonNullable<Service['appProtocol']>;
  readonly port?: number;
  readonly portTls?: PortTls;
}

export function compileRule({
  match: _,
  routes,
  existingRoutes,
  traffic,
  appProtocol,
  port,
  portTls,
  ...inline
}: RouteRule): RuleEffect {
  const inputs: readonly RouteInput[] = routes ?? (Object.keys(inline).length > 0 ? [inline] : []);
  return {
    routes: inputs.map(toRoute),
    replaces: existingRoutes === 'replace',
    ...(traffic === undefined ? {} : { traffic }),
    ...(appProtocol === undefined ? {} : { appProtocol }),
    ...(port === undefined ? {} : { port }),
    ...(portTls === undefined ? {} : { portTls: portTls === true ? {} : portTls }),
  };
}

function toRoute({ path, ...rest }: RouteInput): Route {
  if (path === undefined) return rest;
  return { ...rest, path: typeof path === 'string' ? { type: 'prefix', value: path } : path };
}

/** The service with the rule applied; may be equal to the one before. */
export function applyRule(service: Service, rule: RuleEffect): Service {
  const existing = rule.replaces ? [] : (service.routes ?? []);
  const added = rule.routes.filter((route) => !existing.some((other) => isEqualData(other, route)));
  const appProtocol = rule.appProtocol ?? service.appProtocol ?? (speaksHttp(rule.routes) ? 'http' : undefined);
  return {
    ...service,
    ...(rule.port === undefined ? {} : { port: rule.port }),
    ...(rule.portTls === undefined ? {} : { portTls: rule.portTls }),
    ...(appProtocol === undefined ? {} : { appProtocol }),
    ...(rule.replaces || added.length > 0 ? { routes: [...existing, ...added] } : {}),
    ...(rule.traffic === undefined ? {} : { traffic: mergeTraffic(service.traffic, rule.traffic) }),
  };
}

/** Behind a route whose TLS is passed through, nobody knows what is spoken. */
function speaksHttp(routes: readonly Route[]): boolean {
  return routes.some(({ tls }) => tls?.mode !== 'passthrough');
}

function mergeTraffic(existing: TrafficPolicy = {}, wanted: TrafficPolicy): TrafficPolicy {
  const timeouts = { ...existing.timeouts, ...wanted.timeouts };
  return { ...existing, ...wanted, ...(Object.keys(timeouts).length > 0 ? { timeouts } : {}) };
}
