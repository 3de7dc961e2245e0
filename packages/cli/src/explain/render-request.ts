import type { RequestExplanation, RouteCandidate } from './explanation.ts';
import type { Page } from './page.ts';

/** Which service takes a request, and what stands behind it. Sinks that agree are told of together. */
export function renderRequest({ url, method, sinks }: RequestExplanation, page: Page): void {
  const groups = new Map<string, { readonly names: string[]; readonly candidates: readonly RouteCandidate[] }>();
  for (const { sink, candidates } of sinks) {
    const key = JSON.stringify(candidates);
    const group = groups.get(key) ?? { names: [], candidates };
    group.names.push(`sinks.${sink}`);
    groups.set(key, group);
  }
  page.head(0, `${method} ${url}`, '');
  for (const { names, candidates } of groups.values()) renderCandidates(names.join(', '), candidates, page);
}

function renderCandidates(sinks: string, candidates: readonly RouteCandidate[], page: Page): void {
  const { colors } = page;
  const winner = candidates.find(({ takesRequest }) => takesRequest);
  const verdict = winner === undefined ? 'no route takes it' : `goes to ${winner.service}`;
  page.add(1, `${sinks}: ${verdict}`, winner === undefined ? colors.red : colors.green);
  for (const candidate of candidates) {
    const { service, takesRequest, unmet, behindBecause } = candidate;
    page.add(2, `${takesRequest ? '>' : ' '} ${service}`, takesRequest ? colors.bold : undefined);
    page.add(4, describeRoute(candidate), colors.dim);
    if (unmet.length > 0) page.add(4, `not this request: ${unmet.join(', ')}`, colors.yellow);
    else if (!takesRequest && behindBecause !== undefined) page.add(4, `comes later: ${behindBecause}`, colors.dim);
  }
}

function describeRoute({ route, hostname, index }: RouteCandidate): string {
  const { path, redirect, rewrite, auth, priority, methods, headers = [], queryParams = [] } = route;
  const wishes = { redirect, rewrite, 'asks for a password': auth };
  return [
    `routes[${index}]`,
    hostname === undefined || hostname === '*' ? 'any host' : `host ${hostname}`,
    path === undefined ? 'any path' : `${path.type} path ${path.value}`,
    ...(methods === undefined ? [] : [`method ${methods.join(' or ')}`]),
    ...headers.map(({ name, value }) => `header ${name}: ${value}`),
    ...queryParams.map(({ name, value }) => `query ${name}=${value}`),
    ...(priority === undefined ? [] : [`priority ${priority}`]),
    ...Object.entries(wishes).flatMap(([name, wish]) => (wish === undefined ? [] : [name])),
  ].join(', ');
}
