import { type Endpoint, isEqualData, type Service, type Warning } from '@signalbox/core';
import type { DocumentService } from './document.ts';

/** The services of one file or answer, with its name for people. */
export interface Origin {
  readonly name: string;
  readonly services: readonly DocumentService[];
}

export interface JoinedServices {
  readonly services: readonly Service[];
  readonly warnings: readonly Warning[];
}

/**
 * Makes one service of all parts with the same name and port name, in the order of names. Endpoints are joined; in everything else the first
 * part counts, and a warning tells of another one that says something else. Of labels that differ, those that all parts agree on are left.
 */
export function joinServices(origins: readonly Origin[], sourceId: string): JoinedServices {
  const pools = new Map<string, Pool>();
  for (const { name: origin, services } of origins) {
    for (const part of services) {
      const id = `${sourceId}:${part.name}#${part.portName ?? '0'}`;
      const pool = pools.get(id);
      if (pool === undefined) pools.set(id, new Pool(id, part));
      else pool.add(part, origin);
    }
  }
  const sorted = [...pools.values()].sort((left, right) => (left.id < right.id ? -1 : 1));
  return { services: sorted.map((pool) => pool.toService()), warnings: sorted.flatMap(({ warnings }) => warnings) };
}

/** What all parts of a service must agree on. */
const commonKeys = ['protocol', 'appProtocol', 'port', 'healthCheck', 'metadata'] as const;

class Pool {
  readonly id: string;
  readonly warnings: Warning[] = [];
  readonly #first: DocumentService;
  readonly #endpoints = new Map<string, Endpoint>();
  #labels: Readonly<Record<string, string>>;

  constructor(id: string, first: DocumentService) {
    this.id = id;
    this.#first = first;
    this.#labels = first.labels;
    this.#join(first.endpoints);
  }

  add(part: DocumentService, origin: string): void {
    const differing = commonKeys.filter((key) => part[key] !== undefined && !isEqualData(part[key], this.#first[key]));
    if (differing.length > 0) {
      this.warnings.push({
        service: this.id,
        message: `${origin} says another ${differing.join(' and ')} than was said before; the first counts`,
      });
    }
    const shared = Object.entries(this.#labels).filter(([name, value]) => part.labels[name] === value);
    if (shared.length < Object.keys(this.#labels).length) this.#labels = Object.fromEntries(shared);
    this.#join(part.endpoints);
  }

  toService(): Service {
    const { portName: _portName, endpoints: _endpoints, labels: _labels, ...rest } = this.#first;
    return { id: this.id, ...rest, labels: this.#labels, endpoints: [...this.#endpoints.values()] };
  }

  /** An endpoint that is named twice is one; two that share nothing but their id are a mistake. */
  #join(endpoints: readonly Endpoint[]): void {
    for (const endpoint of endpoints) {
      const known = this.#endpoints.get(endpoint.id);
      if (known === undefined) this.#endpoints.set(endpoint.id, endpoint);
      else if (known.address !== endpoint.address || known.port !== endpoint.port) {
        const message = `two endpoints have the id ${JSON.stringify(endpoint.id)}; the first counts`;
        this.warnings.push({ service: this.id, message });
      }
    }
  }
}
