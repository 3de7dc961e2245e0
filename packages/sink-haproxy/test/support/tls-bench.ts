import { createTlsBench as createBenchWithTls, type TlsParts } from '@signalbox/testkit/proxy';
import type { HaproxyOptions } from '../../src/index.ts';
import { type Bench, createBench } from './bench.ts';

export type TlsBench = Bench & TlsParts;

/** A bench with a listener of each kind, and a folder of certificates. */
export function createTlsBench(extra: Partial<HaproxyOptions> = {}): Promise<TlsBench> {
  return createBenchWithTls((shared) => createBench({ ...shared, ...extra }));
}
