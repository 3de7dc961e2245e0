import { isEqualData, type Service } from '@signalbox/core';

/** What a step did to one part of a service. */
export interface ServiceChange {
  /** E.g. `routes`, `labels.team` or `endpoints.10.0.0.1:8080.weight`. */
  readonly part: string;
  /** Absent: it was not there. */
  readonly before?: unknown;
  /** Absent: it is gone. */
  readonly after?: unknown;
}

/** What differs, map by map; endpoints are compared by their ids, other lists item by item. */
export function diffService(before: Service, after: Service): readonly ServiceChange[] {
  if (before === after) return [];
  return diff('', toComparable(before), toComparable(after));
}

function toComparable({ endpoints, ...service }: Service): Record<string, unknown> {
  return { ...service, endpoints: Object.fromEntries(endpoints.map((endpoint) => [endpoint.id, endpoint])) };
}

function diff(path: string, before: unknown, after: unknown): readonly ServiceChange[] {
  if (isEqualData(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) => diff(path === '' ? key : `${path}.${key}`, own(before, key), own(after, key)));
  }
  const items = Array.isArray(before) && Array.isArray(after) ? diffLists(path, before, after) : [];
  return items.length > 0 ? items : [describeChange(path, before, after)];
}

/** The items that only one of the two has; nothing when merely their order differs. */
function diffLists(path: string, before: readonly unknown[], after: readonly unknown[]): readonly ServiceChange[] {
  const isIn = (list: readonly unknown[], item: unknown): boolean => list.some((other) => isEqualData(other, item));
  return [
    ...before.flatMap((item, index) => (isIn(after, item) ? [] : describeChange(`${path}[${index}]`, item, undefined))),
    ...after.flatMap((item, index) => (isIn(before, item) ? [] : describeChange(`${path}[${index}]`, undefined, item))),
  ];
}

function describeChange(path: string, before: unknown, after: unknown): ServiceChange {
  return {
    part: path,
    ...(before !== undefined && { before: withoutHashes(path, before) }),
    ...(after !== undefined && { after: withoutHashes(path, after) }),
  };
}

/** Names of users may be read by whoever may read this, hashes of their passwords may not. */
function withoutHashes(path: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutHashes(path, item));
  if (typeof value === 'string') return path.endsWith('auth.users') ? value.replace(/:.*$/s, ':***') : value;
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutHashes(`${path}.${key}`, inner)]));
}

/** A service as it may be shown. */
export function withoutSecrets(service: Service): Service {
  return withoutHashes('', service) as Service;
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
