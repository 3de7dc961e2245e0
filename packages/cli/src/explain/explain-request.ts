import { matchRoutes, type PipelineTrace, type Route, type RouteMatch, type RouteRequest } from '@signalbox/core';
import { withoutSecrets } from './diff-service.ts';
import type { RequestExplanation, RouteCandidate } from './explanation.ts';

/** Every route of each sink that covers the host and the path, by precedence. */
export function explainRequest(url: string, request: RouteRequest, trace: PipelineTrace): RequestExplanation {
  const sinks = Object.entries(trace.sinks).map(([sink, { catalog }]) => ({
    sink,
    candidates: toCandidates(matchRoutes(catalog?.services.values() ?? [], request)),
  }));
  return { url, method: request.method, sinks };
}

function toCandidates(matches: readonly RouteMatch[]): readonly RouteCandidate[] {
  const winner = matches.find(({ unmet }) => unmet.length === 0);
  return matches.map((match, position) => {
    const { service, index, hostname, unmet } = match;
    const before = matches[position - 1];
    const route = withoutSecrets(service).routes?.[index] ?? match.route;
    return {
      service: service.id,
      index,
      route,
      unmet,
      takesRequest: match === winner,
      ...(hostname !== undefined && { hostname }),
      ...(before !== undefined && { behindBecause: compareMatches(before, match) }),
    };
  });
}

/** The first difference, in the order of precedence. */
function compareMatches(first: RouteMatch, second: RouteMatch): string {
  if (first.hostname?.toLowerCase() !== second.hostname?.toLowerCase()) return 'its host is less specific';
  if (pathOf(first.route) !== pathOf(second.route)) return 'its path is less specific';
  const [ofFirst, ofSecond] = [conditionsOf(first.route), conditionsOf(second.route)];
  const fewer = ofFirst.findIndex((number, kind) => number !== ofSecond[kind]);
  if (fewer >= 0) return `it has fewer conditions on ${['the method', 'headers', 'query parameters'][fewer]}`;
  if ((first.route.priority ?? 0) !== (second.route.priority ?? 0)) return 'its priority is lower';
  return first.service.id === second.service.id ? 'it is a later route of the service' : 'its service id is higher';
}

function pathOf({ path }: Route): string {
  if (path === undefined || path.type === 'regex') return path?.type ?? 'prefix ';
  return path.type === 'exact' ? `exact ${path.value}` : `prefix ${path.value.replace(/\/+$/, '')}`;
}

function conditionsOf({ methods = [], headers = [], queryParams = [] }: Route): readonly number[] {
  return [Math.min(methods.length, 1), headers.length, queryParams.length];
}
