import { isEqualData, type Service, type Warning } from '@signalbox/core';
import { mapServices } from '../mapping/services.ts';
import type { ResolvedMesosDnsOptions } from '../options.ts';
import type { Reading } from '../reading.ts';
import { FailoverHold } from './failover-hold.ts';

export interface MemoryOptions {
  readonly sourceId: string;
  readonly options: Pick<ResolvedMesosDnsOptions, 'address' | 'frameworks' | 'failoverHoldMs'>;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** What is known under one source id. Outlives a run of `watch`. */
export class Memory {
  readonly #options: MemoryOptions;
  readonly #frameworks: ReadonlySet<string> | undefined;
  readonly #hold: FailoverHold;
  #services: readonly Service[] | undefined;
  #warnings: readonly Warning[] = [];

  constructor(options: MemoryOptions) {
    this.#options = options;
    const { frameworks, failoverHoldMs } = options.options;
    this.#frameworks = frameworks && new Set(frameworks.map(frameworkNameOf));
    this.#hold = new FailoverHold(failoverHoldMs, options.now);
  }

  /** What was read last; undefined before the first time. */
  get snapshot(): KnownSet | undefined {
    return this.#services && { services: this.#services, warnings: this.#warnings };
  }

  /** @returns whether anything changed. */
  take({ table, tasks }: Reading): boolean {
    const { sourceId, options } = this.#options;
    const mapped = mapServices(table, { sourceId, address: options.address, frameworks: this.#frameworks, tasks });
    const before = this.#services;
    const known = new Map(before?.map((service) => [service.id, service]));
    const services = this.#hold.apply(table, mapped.services, before ?? []).map((service) => {
      const same = known.get(service.id);
      return same !== undefined && isEqualData(same, service) ? same : service;
    });
    const warnings = [...mapped.warnings, ...describeHold(this.#hold.missing)];
    const isSame =
      before?.length === services.length &&
      services.every((service, index) => service === before[index]) &&
      isEqualData(warnings, this.#warnings);
    this.#services = services;
    this.#warnings = warnings;
    return !isSame;
  }
}

export interface KnownSet {
  readonly services: readonly Service[];
  readonly warnings: readonly Warning[];
}

function describeHold(agents: readonly string[]): Warning[] {
  if (agents.length === 0) return [];
  const shown = agents.slice(0, 5).join(', ');
  const rest = agents.length > 5 ? ` and ${agents.length - 5} more` : '';
  return [
    {
      message: `the leading Mesos master does not know the agents ${shown}${rest} since it began to lead; the endpoints on them stay until they are back`,
    },
  ];
}

/** As Mesos-DNS does it: `Chronos.Prod` is `chronos.prod`. */
function frameworkNameOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/[^a-z0-9.-]/g, '');
}
