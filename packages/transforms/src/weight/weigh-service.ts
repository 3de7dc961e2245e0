import type { Endpoint, Service } from '@signalbox/core';

export interface CompiledRule {
  readonly matches: (endpoint: Endpoint, service: Service) => boolean;
  /** From the weight before to the weight after. */
  readonly change: (before: number) => number;
}

const maxWeight = 256;
/** Gives room to both sides. */
const usualWeight = 100;

/** Applies the rules to the endpoints of a service; the same object where none of them changes anything. */
export function weighService(service: Service, rules: readonly CompiledRule[]): Service {
  const { endpoints } = service;
  const touched = new Map<Endpoint, number>();
  // Beside endpoints that have weights, one without counts as 1, as it does in a proxy.
  const unsaid = endpoints.some(({ weight }) => weight !== undefined) ? 1 : usualWeight;
  for (const endpoint of endpoints) {
    const applied = rules.filter(({ matches }) => matches(endpoint, service));
    if (applied.length === 0) continue;
    const before = endpoint.weight ?? unsaid;
    touched.set(
      endpoint,
      applied.reduce((weight, { change }) => change(weight), before),
    );
  }
  if (touched.size === 0) return service;
  // All get a number now: what counts is how they stand to each other.
  const exact = endpoints.map((endpoint) => touched.get(endpoint) ?? endpoint.weight ?? unsaid);
  const excess = Math.max(1, Math.max(...exact) / maxWeight);
  const weights = exact.map((weight) => toWeight(weight / excess));
  if (endpoints.every(({ weight }, index) => weight === weights[index])) return service;
  return {
    ...service,
    endpoints: endpoints.map((endpoint, index) =>
      endpoint.weight === weights[index] ? endpoint : { ...endpoint, weight: weights[index] ?? 0 },
    ),
  };
}

/** Rounding takes nobody out. */
function toWeight(exact: number): number {
  return exact === 0 ? 0 : Math.min(maxWeight, Math.max(1, Math.round(exact)));
}
