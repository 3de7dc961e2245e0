import type { Desired } from '../desired/model.ts';
import type { Observed } from '../observed/model.ts';
import type { Settings } from '../settings.ts';
import { type Placed, placeDesired, refreshBackend } from './placed-desired.ts';

/** Keeps the last placement: while neither structure nor process changed, only what was touched is looked at. */
export interface Placer {
  place(desired: Desired, observed: Observed, look: PlacerLook): Placed;
}

export interface PlacerLook {
  /** Trusts nothing that was found before. */
  readonly full: boolean;
  /** Names of backends that changed since the last time. */
  readonly touched: Iterable<string>;
}

export function createPlacer(settings: Settings): Placer {
  let known: { readonly placed: Placed; readonly desired: Desired; readonly pid: number } | undefined;
  return {
    place(desired, observed, { full, touched }) {
      const isKnown =
        known !== undefined &&
        !full &&
        known.desired.structureVersion === desired.structureVersion &&
        known.pid === observed.mark.pid &&
        // Who lacks a place may find one now that servers retired.
        known.placed.lacking.size === 0;
      if (!isKnown || known === undefined) {
        known = { placed: placeDesired(desired, observed, settings), desired, pid: observed.mark.pid };
        return known.placed;
      }
      for (const name of touched) {
        const backend = desired.backends.get(name);
        if (backend !== undefined) refreshBackend(known.placed, backend);
      }
      return known.placed;
    },
  };
}
