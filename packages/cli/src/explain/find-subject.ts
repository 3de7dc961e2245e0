import { compileSelector, formatAddress, type PipelineTrace, type RouteRequest, type Service } from '@signalbox/core';
import { editDistance } from '../config/suggest.ts';
import { UsageError } from '../exit-codes.ts';

/** What the words of the command line mean. */
export type Subject =
  | {
      readonly kind: 'services';
      readonly ids: readonly string[];
      /** Ids of the endpoints that were asked for; empty: the services as a whole. */
      readonly endpoints: ReadonlySet<string>;
    }
  | { readonly kind: 'request'; readonly url: string; readonly request: RouteRequest }
  | { readonly kind: 'unknown'; readonly meant: readonly string[] };

/** Every service at any point, in its latest form: what a transform took out is found, too. */
export function listServices(trace: PipelineTrace): ReadonlyMap<string, Service> {
  const sources = Object.values(trace.sources);
  const sets = [
    ...sources.flatMap(({ announced, inForce, transforms }) => [announced, inForce, ...transforms]),
    ...trace.transforms,
    trace.catalog === undefined ? undefined : [...trace.catalog.services.values()],
  ];
  return new Map(sets.flatMap((set = []) => set.map((service) => [service.id, service] as const)));
}

/** An id, a name or a pattern, an endpoint, a port; then a host or a URL. The first of these under which something is found. */
export function findSubject(what: string, services: ReadonlyMap<string, Service>): Subject {
  const list = [...services.values()];
  const idsOf = (isMeant: (service: Service) => boolean) => list.filter(isMeant).map(({ id }) => id);
  const tests: ((service: Service) => boolean)[] = [
    ({ id }) => id === what,
    compileSelector({ any: [{ name: what }, { id: what }] }),
  ];
  for (const test of tests) {
    const ids = idsOf(test);
    if (ids.length > 0) return { kind: 'services', ids, endpoints: new Set() };
  }
  const endpoints = new Set(list.flatMap((service) => endpointsOf(service, what)));
  if (endpoints.size > 0) {
    return { kind: 'services', ids: idsOf((service) => endpointsOf(service, what).length > 0), endpoints };
  }
  const port = /^:?(\d{1,5})$/.exec(what)?.[1];
  const byPort = port === undefined ? [] : idsOf((service) => service.port === Number(port));
  if (byPort.length > 0) return { kind: 'services', ids: byPort, endpoints: new Set() };
  // A number would be a host, too: the URL standard reads 10001 as the address 0.0.39.17.
  const request = /^\/|^:?\d+$/.test(what) ? undefined : readUrl(what);
  return request === undefined || !isHost(request.hostname, what, list)
    ? { kind: 'unknown', meant: suggestSubjects(what, list) }
    : { kind: 'request', url: what, request };
}

/** Ids of endpoints that are called so, that stand there, or that have it as a fact, such as the id of a task or its agent. */
function endpointsOf({ endpoints }: Service, what: string): readonly string[] {
  return endpoints
    .filter(({ id, address, port, metadata = {} }) => {
      return [id, address, formatAddress(address, port), ...Object.values(metadata)].includes(what);
    })
    .map(({ id }) => id);
}

/** A word with a dot in it, or with a scheme, or that is a host name of some route. */
function isHost(hostname: string, what: string, services: readonly Service[]): boolean {
  if (hostname.includes('.') || what.includes('://')) return true;
  return services.some(({ routes = [] }) => routes.some(({ hostnames = [] }) => hostnames.includes(hostname)));
}

function readUrl(what: string): RouteRequest | undefined {
  const text = what.includes('://') ? what : `http://${what}`;
  if (!URL.canParse(text)) return undefined;
  const { hostname, pathname, searchParams } = new URL(text);
  const queryParams: Record<string, string[]> = Object.create(null);
  for (const [name, value] of searchParams) queryParams[name] = [...(queryParams[name] ?? []), value];
  return { hostname, path: pathname, method: 'GET', headers: {}, queryParams };
}

/** @throws {UsageError} for what is no header */
export function readHeaders(headers: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    headers.map((header) => {
      const [, name, value] = /^([^\s:]+):\s*(.*?)\s*$/s.exec(header) ?? [];
      if (name === undefined) throw new UsageError(`--header expects "name: value", not "${header}"`);
      return [name.toLowerCase(), value ?? ''];
    }),
  );
}

/** What is written alike, or holds the word; the closest first. */
export function suggestSubjects(what: string, services: Iterable<Service>): readonly string[] {
  const word = what.toLowerCase();
  const names = [...services].flatMap(({ id, name, endpoints, routes = [] }) => [
    id,
    name,
    ...routes.flatMap(({ hostnames = [] }) => hostnames),
    ...endpoints.map(({ address, port }) => formatAddress(address, port)),
  ]);
  const scored = [...new Set(names)].flatMap((name) => {
    const distance = name.toLowerCase().includes(word) ? 0 : editDistance(word, name.toLowerCase());
    return distance <= Math.max(1, word.length / 3) ? [{ name, distance }] : [];
  });
  return scored
    .sort((left, right) => left.distance - right.distance)
    .slice(0, 5)
    .map(({ name }) => name);
}
