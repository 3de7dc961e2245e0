import { isEqualData, type Logger, type Service } from '@signalbox/core';
import { mapServices } from '../mapping/services.ts';
import type { ResolvedMesosDnsOptions } from '../options.ts';
import type { Reading } from '../reading.ts';
import { FailoverHold } from './failover-hold.ts';

export interface MemoryOptions {
  readonly sourceId: string;
  readonly options: Pick<ResolvedMesosDnsOptions, 'address' | 'frameworks' | 'failoverHoldMs'>;
  readonly logger: Logger;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
}

/** What is known under one source id. Outlives a run of `watch`. */
export class Memory {
  readonly #options: MemoryOptions;
  readonly #frameworks: ReadonlySet<string> | undefined;
  readonly #hold: FailoverHold;
  #services: readonly Service[] | undefined;
  #told = '';

  constructor(options: MemoryOptions) {
    this.#options = options;
    const { frameworks, failoverHoldMs } = options.options;
    this.#frameworks = frameworks && new Set(frameworks.map(frameworkNameOf));
    this.#hold = new FailoverHold(failoverHoldMs, options.now);
  }

  /** The services that were read last; undefined before the first time. */
  get services(): readonly Service[] | undefined {
    return this.#services;
  }

  /** @returns whether anything changed. */
  take({ table, tasks }: Reading): boolean {
    const { sourceId, options } = this.#options;
    const mapped = mapServices(table, { sourceId, address: options.address, frameworks: this.#frameworks, tasks });
    const known = new Map(this.#services?.map((service) => [service.id, service]));
    const services = this.#hold.apply(table, mapped, this.#services ?? []).map((service) => {
      const before = known.get(service.id);
      return before !== undefined && isEqualData(before, service) ? before : service;
    });
    this.#tell();
    const isSame =
      this.#services?.length === services.length &&
      services.every((service, index) => service === this.#services?.[index]);
    this.#services = services;
    return !isSame;
  }

  #tell(): void {
    const { missing } = this.#hold;
    const text = missing.join();
    if (text !== '' && text !== this.#told) {
      this.#options.logger.warn(
        { agents: missing, holdMs: this.#options.options.failoverHoldMs },
        'the Mesos master does not know these agents since a change of leader; the endpoints on them stay until they are back',
      );
    }
    this.#told = text;
  }
}

/** As Mesos-DNS does it: `Chronos.Prod` is `chronos.prod`. */
function frameworkNameOf(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('_', '-')
    .replace(/[^a-z0-9.-]/g, '');
}
