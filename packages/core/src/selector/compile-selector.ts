import type { Endpoint } from '../model/endpoint.ts';
import type { Service } from '../model/service.ts';
import { compileGlob } from './glob.ts';
import type { EndpointSelector, KeyedPatterns, OneOrMore, Patterns, Selector } from './selector.ts';

/** Compiles a selector once, for use on many services. An empty object matches every service. */
export function compileSelector(selector: Selector): (service: Service) => boolean {
  const matches = compile(selector);
  return (service) => matches(service, undefined);
}

/** Compiles a selector that chooses endpoints: what it says of services is asked of the service that the endpoint belongs to. */
export function compileEndpointSelector(selector: Selector): (endpoint: Endpoint, service: Service) => boolean {
  const matches = compile(selector);
  return (endpoint, service) => matches(service, endpoint);
}

/** The part of a service id before the first colon. */
export function sourceIdOf(serviceId: string): string {
  const end = serviceId.indexOf(':');
  return end < 0 ? '' : serviceId.slice(0, end);
}

/** The part of a service id behind the last `#`. */
export function portNameOf(serviceId: string): string {
  const start = serviceId.lastIndexOf('#');
  return start < 0 ? '' : serviceId.slice(start + 1);
}

type Test<Subject> = (subject: Subject) => boolean;

/** Without an endpoint, a service matches by any of its endpoints. */
type PairTest = (service: Service, endpoint: Endpoint | undefined) => boolean;

function compile(selector: Selector): PairTest {
  if (typeof selector === 'string') return compile({ name: selector });
  const { endpoint: wantedEndpoint, any, all, not } = selector;
  const isService = every<Service>([
    matching(selector.id, (service) => service.id),
    matching(selector.name, (service) => service.name),
    matching(selector.source, (service) => sourceIdOf(service.id)),
    matching(selector.portName, (service) => portNameOf(service.id)),
    oneOf(selector.port, (service: Service) => service.port),
    oneOf(selector.protocol, (service: Service) => service.protocol),
    oneOf(selector.appProtocol, (service: Service) => service.appProtocol),
    ...keyed(selector.labels, (service: Service) => service.labels),
    ...keyed(selector.metadata, (service: Service) => service.metadata),
  ]);
  const tests: PairTest[] = [isService];
  if (wantedEndpoint !== undefined) {
    const isEndpoint = compileEndpoint(wantedEndpoint);
    tests.push((service, endpoint) =>
      endpoint === undefined ? service.endpoints.some(isEndpoint) : isEndpoint(endpoint),
    );
  }
  if (any !== undefined) {
    const alternatives = any.map(compile);
    tests.push((service, endpoint) => alternatives.some((test) => test(service, endpoint)));
  }
  if (all !== undefined) tests.push(...all.map(compile));
  if (not !== undefined) {
    const excluded = compile(not);
    tests.push((service, endpoint) => !excluded(service, endpoint));
  }
  return (service, endpoint) => tests.every((test) => test(service, endpoint));
}

function compileEndpoint({ id, address, port, health, draining, metadata }: EndpointSelector): Test<Endpoint> {
  return every<Endpoint>([
    matching(id, (endpoint) => endpoint.id),
    matching(address, (endpoint) => endpoint.address),
    oneOf(port, (endpoint: Endpoint) => endpoint.port),
    oneOf(health, (endpoint: Endpoint) => endpoint.health),
    oneOf(draining, (endpoint: Endpoint) => endpoint.draining === true),
    ...keyed(metadata, (endpoint: Endpoint) => endpoint.metadata),
  ]);
}

function every<Subject>(tests: readonly (Test<Subject> | undefined)[]): Test<Subject> {
  const present = tests.filter((test) => test !== undefined);
  return (subject) => present.every((test) => test(subject));
}

function matching<Subject>(
  patterns: Patterns | undefined,
  readValue: (subject: Subject) => string | undefined,
): Test<Subject> | undefined {
  if (patterns === undefined) return undefined;
  const globs = listOf(patterns).map(compileGlob);
  return (subject) => {
    const value = readValue(subject);
    return value !== undefined && globs.some((glob) => glob(value) !== undefined);
  };
}

function oneOf<Subject, Value extends string | number | boolean>(
  wanted: OneOrMore<Value> | undefined,
  readValue: (subject: Subject) => Value | undefined,
): Test<Subject> | undefined {
  if (wanted === undefined) return undefined;
  const values = new Set<Value | undefined>(listOf(wanted));
  return (subject) => values.has(readValue(subject));
}

function keyed<Subject>(
  wanted: KeyedPatterns = {},
  readRecord: (subject: Subject) => Readonly<Record<string, string>> | undefined,
): readonly (Test<Subject> | undefined)[] {
  return Object.entries(wanted).map(([key, value]) => {
    // A label may be called `constructor`, which every object inherits.
    const read = (subject: Subject): string | undefined => {
      const record = readRecord(subject) ?? {};
      return Object.hasOwn(record, key) ? record[key] : undefined;
    };
    if (typeof value === 'boolean') return (subject) => (read(subject) !== undefined) === value;
    return matching(value, read);
  });
}

function listOf<Value>(values: OneOrMore<Value>): readonly Value[] {
  return Array.isArray(values) ? (values as readonly Value[]) : [values as Value];
}
