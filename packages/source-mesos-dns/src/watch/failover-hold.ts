import type { Service } from '@signalbox/core';
import { addressesOf, type RecordTable } from '../records/record-table.ts';

/**
 * Keeps endpoints of agents that a master does not know yet. After a change of leader, or its restart, agents register again one
 * by one, within minutes (`agent_reregister_timeout`, 10 minutes); until then the master lists neither them nor their tasks, and Mesos-DNS
 * takes that for the truth. Tasks of agents that are back are believed at once, and so is the loss of single agents.
 */
export class FailoverHold {
  readonly #holdMs: number;
  readonly #now: () => number;
  #agents: ReadonlySet<string> | undefined;
  #leaders = '';
  /** Until when the endpoints of an agent are kept, by its address. */
  readonly #missing = new Map<string, number>();

  /** @param now - milliseconds of a clock that never jumps */
  constructor(holdMs: number, now: () => number) {
    this.#holdMs = holdMs;
    this.#now = now;
  }

  /** Agents that are waited for, sorted. */
  get missing(): readonly string[] {
    return [...this.#missing.keys()].sort();
  }

  /** The services as they are to be shown: those of the table, and what is kept of the ones before. */
  apply(table: RecordTable, services: readonly Service[], before: readonly Service[]): readonly Service[] {
    const agents = new Set(addressesOf(table, 'slave'));
    const leaders = addressesOf(table, 'leader').join();
    this.#note(agents, leaders);
    this.#agents = agents;
    this.#leaders = leaders;
    return this.#missing.size === 0 ? services : merge(services, before, (agent) => this.#missing.has(agent));
  }

  #note(agents: ReadonlySet<string>, leaders: string): void {
    const nowMs = this.#now();
    const known = this.#agents;
    if (known !== undefined) {
      const vanished = [...known].filter((agent) => !agents.has(agent));
      const isFailover = leaders !== this.#leaders || vanished.length * 2 > known.size;
      for (const agent of isFailover ? vanished : []) this.#missing.set(agent, nowMs + this.#holdMs);
    }
    for (const [agent, untilMs] of this.#missing) {
      if (agents.has(agent) || untilMs <= nowMs) this.#missing.delete(agent);
    }
  }
}

function merge(
  services: readonly Service[],
  before: readonly Service[],
  isMissing: (agent: string) => boolean,
): readonly Service[] {
  const merged = new Map(services.map((service) => [service.id, service]));
  for (const old of before) {
    const service = merged.get(old.id);
    const present = new Set(service?.endpoints.map(({ id }) => id));
    const kept = old.endpoints.filter(
      ({ id, metadata }) => !present.has(id) && metadata?.agent !== undefined && isMissing(metadata.agent),
    );
    if (kept.length === 0) continue;
    const endpoints = [...(service?.endpoints ?? []), ...kept].sort((left, right) => (left.id < right.id ? -1 : 1));
    merged.set(old.id, { ...(service ?? old), endpoints });
  }
  return [...merged.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
}
