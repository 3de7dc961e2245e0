import { createRoutingBench as createBenchWithRoutes, type RoutingParts } from '@signalbox/testkit/proxy';
import type { NginxOptions } from '../../src/index.ts';
import { type Bench, createBench } from './bench.ts';

export type RoutingBench = Bench & RoutingParts;

/** A bench with a listener, and an application behind each route. */
export function createRoutingBench(host: string, options: Partial<NginxOptions> = {}): Promise<RoutingBench> {
  return createBenchWithRoutes(host, (shared) => createBench({ ...shared, ...options }));
}
