import type { Service } from '../model/service.ts';

/**
 * Chooses services; one small language for every transform. A string is short for `{ name: … }`.
 * Keys of one object are ANDed, the values of a list are ORed. `*` in a pattern stands for any run of characters.
 */
export type Selector = string | SelectorObject;

export interface SelectorObject {
  readonly id?: Patterns;
  readonly name?: Patterns;
  /** The source's id, the part of the service id before the first colon. */
  readonly source?: Patterns;
  /** The port's name or index, the part of the service id behind `#`. */
  readonly portName?: Patterns;
  /** The stable service port. */
  readonly port?: number | readonly number[];
  /** Pattern of the label's value, or whether the label exists. */
  readonly labels?: Readonly<Record<string, Patterns | boolean>>;
  readonly any?: readonly Selector[];
  readonly all?: readonly Selector[];
  readonly not?: Selector;
}

export type Patterns = string | readonly string[];

/** Compiles a selector once, for use on many services. An empty object matches every service. */
export function compileSelector(selector: Selector): (service: Service) => boolean {
  if (typeof selector === 'string') return compileSelector({ name: selector });
  const tests: ((service: Service) => boolean)[] = [];
  const { id, name, source, portName, port, labels, any, all, not } = selector;
  if (id !== undefined) tests.push(matching(id, (service) => service.id));
  if (name !== undefined) tests.push(matching(name, (service) => service.name));
  if (source !== undefined) tests.push(matching(source, (service) => sourceIdOf(service.id)));
  if (portName !== undefined) tests.push(matching(portName, (service) => portNameOf(service.id)));
  if (port !== undefined) {
    const ports = new Set(typeof port === 'number' ? [port] : port);
    tests.push((service) => service.port !== undefined && ports.has(service.port));
  }
  for (const [label, wanted] of Object.entries(labels ?? {})) {
    if (typeof wanted === 'boolean') tests.push((service) => Object.hasOwn(service.labels, label) === wanted);
    else
      tests.push(
        matching(wanted, (service) => (Object.hasOwn(service.labels, label) ? service.labels[label] : undefined)),
      );
  }
  if (any !== undefined) {
    const alternatives = any.map(compileSelector);
    tests.push((service) => alternatives.some((test) => test(service)));
  }
  if (all !== undefined) {
    const parts = all.map(compileSelector);
    tests.push((service) => parts.every((test) => test(service)));
  }
  if (not !== undefined) {
    const excluded = compileSelector(not);
    tests.push((service) => !excluded(service));
  }
  return (service) => tests.every((test) => test(service));
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

function matching(
  patterns: Patterns,
  readValue: (service: Service) => string | undefined,
): (service: Service) => boolean {
  const tests = (typeof patterns === 'string' ? [patterns] : patterns).map(globTest);
  return (service) => {
    const value = readValue(service);
    return value !== undefined && tests.some((test) => test(value));
  };
}

/** Walks text and pattern once with a single point of return, so that no pattern can make it slow (as a regular expression could be). */
function globTest(pattern: string): (text: string) => boolean {
  if (!pattern.includes('*')) return (text) => text === pattern;
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  return (text) => {
    if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
    let position = first.length;
    const end = text.length - last.length;
    for (const part of rest) {
      const found = text.indexOf(part, position);
      if (found < 0 || found + part.length > end) return false;
      position = found + part.length;
    }
    return true;
  };
}
