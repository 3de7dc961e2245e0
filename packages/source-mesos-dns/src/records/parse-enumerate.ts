import { parseTarget } from './parse-axfr.ts';
import { normalizeName, type RecordTable, type ServiceTarget, sortAddresses } from './record-table.ts';
import { isObject, ShapeError } from './shape-error.ts';

/** What Mesos calls a task. */
export interface TaskIdentity {
  readonly id: string;
  readonly name: string;
}

export interface Enumeration {
  readonly table: RecordTable;
  /** By the target of their SRV records. */
  readonly tasks: ReadonlyMap<string, TaskIdentity>;
}

interface EnumeratedRecord {
  readonly name: string;
  readonly host: string;
  readonly rtype: string;
}

/**
 * Reads `/v1/enumerate`. A record stands only under the first task that made it, but the records of single instances and all
 * SRV records are always under the right one.
 *
 * @throws {ShapeError} when it is not what a Mesos-DNS answers.
 */
export function parseEnumerate(value: unknown, domain: string): Enumeration {
  if (!isObject(value) || !('frameworks' in value)) throw new ShapeError('it has no "frameworks"');
  const tasks = new Map<string, TaskIdentity>();
  const addresses = new Map<string, string[]>();
  const services = new Map<string, ServiceTarget[]>();
  // Without any framework the list is null.
  for (const framework of listOf(value.frameworks, 'frameworks')) {
    for (const task of listOf(framework.tasks, 'tasks')) {
      const identity = { id: String(task.id), name: String(task.name) };
      for (const { name, host, rtype } of listOf(task.records, 'records').map(checkRecord)) {
        if (name !== name.toLowerCase()) continue;
        const key = normalizeName(name);
        if (rtype !== 'SRV') {
          addresses.set(key, [...(addresses.get(key) ?? []), host]);
          continue;
        }
        const targets = parseTarget(host);
        services.set(key, [...(services.get(key) ?? []), ...targets]);
        for (const { target } of targets) tasks.set(target, identity);
      }
    }
  }
  const sorted = new Map([...addresses].map(([name, texts]) => [name, sortAddresses(texts)]));
  return { table: { domain, addresses: sorted, services }, tasks };
}

function listOf(value: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw new ShapeError(`its "${name}" are no list of objects`);
  return value;
}

function checkRecord({ name, host, rtype }: Readonly<Record<string, unknown>>): EnumeratedRecord {
  if (typeof name === 'string' && typeof host === 'string' && typeof rtype === 'string') return { name, host, rtype };
  throw new ShapeError('a record lacks its "name", "host" or "rtype"');
}
