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
  /** Shapes by the places that did not take a backend of theirs. A new object when it changed. */
  readonly refused: ReadonlyMap<string, string>;
}

export function createPlacer(settings: Settings): Placer {
  let known:
    | {
        readonly placed: Placed;
        readonly desired: Desired;
        readonly pid: number;
        readonly refused: PlacerLook['refused'];
      }
    | undefined;
  return {
    place(desired, observed, { full, touched, refused }) {
      const isKnown =
        known !== undefined &&
        !full &&
        known.desired.structureVersion === desired.structureVersion &&
        known.pid === observed.mark.pid &&
        known.refused === refused &&
        // Who lacks a place may find one now that servers retired.
        known.placed.lacking.size === 0;
      if (!isKnown || known === undefined) {
        const placed = placeDesired(desired, observed, { settings, refused });
        known = { placed, desired, pid: observed.mark.pid, refused };
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
