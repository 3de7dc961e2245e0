import type { Addresses } from '../stage/stage.ts';
import type { Act } from './act.ts';
import { endpointActs } from './endpoint-acts.ts';
import { outageActs } from './outage-acts.ts';
import { createStructureActs } from './structure-acts.ts';

/** All that happens, in order. */
export function createScript(addresses: Addresses): readonly Act[] {
  return [...endpointActs, ...outageActs, ...createStructureActs(addresses)];
}
