import { Cell, type Inspection, isEqualData, type PipelineTrace, type Service } from '@signalbox/core';
import type { LineWriter } from './line-writer.ts';
import type { PassingSet } from './points.ts';

export interface FollowOptions {
  readonly read: (trace: PipelineTrace) => PassingSet | undefined;
  readonly isSelected: (service: Service) => boolean;
  /** Whether every line has the whole set. */
  readonly isFull: boolean;
}

/**
 * Writes the first set that passes, and then what differs from what was written last. Whoever reads slowly gets the newest state, and how many
 * sets were passed over. Ends when enough was written; throws when aborted.
 */
export async function followServices(
  inspection: Inspection,
  writer: LineWriter,
  options: FollowOptions,
): Promise<void> {
  const newest = keepNewest(inspection, options.read);
  let written: ReadonlyMap<string, Service> | undefined;
  let version = 0;
  while (!writer.isFull) {
    await newest.changedSince(version, inspection.signal);
    const skipped = newest.version - version - 1;
    version = newest.version;
    const services = select(newest.value, options.isSelected);
    const difference = written === undefined ? undefined : compare(written, services);
    if (written !== undefined && difference === undefined) continue;
    written = services;
    const content = difference === undefined || options.isFull ? { services: [...services.values()] } : difference;
    const kind = 'services' in content ? 'set' : 'change';
    await writer.write({ kind, ...(skipped > 0 && { skipped }), ...content }, inspection.signal);
  }
}

/** The newest set of a point, numbered, so that it shows how many were passed over. */
export function keepNewest<Value>(
  { traces }: Inspection,
  read: (trace: PipelineTrace) => Value | undefined,
): Cell<Value> {
  const newest = new Cell<Value>();
  const keep = async (): Promise<void> => {
    for await (const trace of traces()) {
      const value = read(trace);
      if (value !== undefined && value !== newest.value) newest.set(value);
    }
  };
  // It ends with the inspection, whose end is told by whoever waits for the cell.
  keep().catch(() => {});
  return newest;
}

function select(set: PassingSet = [], isSelected: (service: Service) => boolean): ReadonlyMap<string, Service> {
  const services = [...set.values()].filter(isSelected);
  return new Map(services.map((service) => [service.id, service]));
}

interface Difference {
  readonly added: readonly Service[];
  readonly changed: readonly Service[];
  /** Ids. */
  readonly removed: readonly string[];
}

function compare(before: ReadonlyMap<string, Service>, after: ReadonlyMap<string, Service>): Difference | undefined {
  const added: Service[] = [];
  const changed: Service[] = [];
  for (const [id, service] of after) {
    const old = before.get(id);
    if (old === undefined) added.push(service);
    else if (old !== service && !isEqualData(old, service)) changed.push(service);
  }
  const removed = [...before.keys()].filter((id) => !after.has(id));
  return added.length + changed.length + removed.length === 0 ? undefined : { added, changed, removed };
}
