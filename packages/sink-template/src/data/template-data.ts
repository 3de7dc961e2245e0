import type { Catalog, Endpoint, Service } from '@signalbox/core';

/** What a template sees. `signalbox render --data` prints it. */
export interface TemplateData {
  /** In the order of ids. */
  readonly services: readonly TemplateService[];
}

export interface TemplateService extends Omit<Service, 'endpoints'> {
  /** All of them, in the order of ids. */
  readonly endpoints: readonly TemplateEndpoint[];
  /** Those that may get new requests: not draining, not unhealthy. */
  readonly active: readonly TemplateEndpoint[];
  /** All host names of the routes, each once. */
  readonly hostnames: readonly string[];
}

export interface TemplateEndpoint extends Endpoint {
  /** `address:port`, IPv6 in brackets. */
  readonly target: string;
}

const known = new WeakMap<Service, TemplateService>();

/** Equal catalogs give equal data, in whatever order their services came. */
export function toTemplateData(services: Iterable<Service>): TemplateData {
  const sorted = [...services].sort((left, right) => (left.id < right.id ? -1 : 1));
  return { services: sorted.map(toTemplateService) };
}

export function dataOfCatalog({ services }: Catalog): TemplateData {
  return toTemplateData(services.values());
}

function toTemplateService(service: Service): TemplateService {
  const before = known.get(service);
  if (before !== undefined) return before;
  const endpoints = service.endpoints
    .map((endpoint) => ({ ...endpoint, ...sortTexts('metadata', endpoint.metadata), target: targetOf(endpoint) }))
    .sort((left, right) => (left.id < right.id ? -1 : 1));
  const made: TemplateService = {
    ...service,
    labels: sortKeys(service.labels),
    ...sortTexts('metadata', service.metadata),
    endpoints,
    active: endpoints.filter(({ draining, health }) => draining !== true && health !== 'unhealthy'),
    hostnames: [...new Set(service.routes?.flatMap(({ hostnames = [] }) => hostnames))],
  };
  known.set(service, made);
  return made;
}

type Texts = Readonly<Record<string, string>>;

function sortTexts<Key extends string>(key: Key, texts: Texts | undefined): Partial<Record<Key, Texts>> {
  return texts === undefined ? {} : ({ [key]: sortKeys(texts) } as Record<Key, Texts>);
}

/** A template that walks through them gives equal bytes then. */
function sortKeys(texts: Texts): Texts {
  return Object.fromEntries(Object.entries(texts).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function targetOf({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
