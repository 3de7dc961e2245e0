import type { Endpoint, Service } from '@signalbox/core';
import type { Drain } from './parse-drains.ts';

export interface DrainResult {
  readonly service: Service;
  /** What was drained, with the number of endpoints. */
  readonly applied: ReadonlyMap<Drain, number>;
  /** What would have left nobody to serve. */
  readonly refused: readonly Drain[];
}

/**
 * Drains what the entries match, one after the other. One that would leave nobody to serve is left out as a whole, unless it is
 * forced: whom to keep would be a guess.
 */
export function drainService(service: Service, drains: readonly Drain[]): DrainResult {
  const taken = new Map<Endpoint, Drain>();
  const applied = new Map<Drain, number>();
  const refused: Drain[] = [];
  for (const drain of drains) {
    const inService = service.endpoints.filter(({ draining }) => draining !== true).filter((one) => !taken.has(one));
    const targets = inService.filter((endpoint) => drain.matches(endpoint, service));
    if (targets.length === 0) continue;
    if (!drain.force && leavesNobody(inService, new Set(targets))) {
      refused.push(drain);
      continue;
    }
    for (const target of targets) taken.set(target, drain);
    applied.set(drain, targets.length);
  }
  if (taken.size === 0) return { service, applied, refused };
  const endpoints = service.endpoints.map((endpoint) => {
    const drain = taken.get(endpoint);
    if (drain === undefined) return endpoint;
    const note = `until ${drain.until}: ${drain.reason}`;
    return { ...endpoint, draining: true, metadata: { ...endpoint.metadata, drain: note } };
  });
  return { service: { ...service, endpoints }, applied, refused };
}

function leavesNobody(inService: readonly Endpoint[], targets: ReadonlySet<Endpoint>): boolean {
  const able = inService.filter(({ weight }) => weight !== 0);
  const healthy = able.filter(({ health }) => health !== 'unhealthy');
  // Where nobody is healthy a proxy tries them all.
  const serving = healthy.length > 0 ? healthy : able;
  return serving.length > 0 && serving.every((endpoint) => targets.has(endpoint));
}
