import type { Selector } from '@signalbox/core';

export interface MergeOptions {
  /** A service belongs to the first pool that wants it. */
  readonly pools: readonly MergePool[];
}

/** Services that become one. At least one of `by` and `origins` is needed. */
export interface MergePool {
  /** What the merged service is called. Default: the name of its primary. */
  readonly name?: string;
  /**
   * What services have to share: their name and the port's name; a label's value and the port's name; the stable port; or what
   * requests their routes take. Each value makes a pool of its own. Absent: everything that the origins match is one pool.
   */
  readonly by?: 'name' | 'port' | 'route' | { readonly label: string };
  /** In the order in which they lend the pool their id, routes, port and policies. Default: one origin with every service. */
  readonly origins?: readonly MergeOrigin[];
}

export interface MergeOrigin {
  readonly match: Selector | readonly Selector[];
  /** Share of the pool's traffic, 0 to 100, whatever the number of endpoints. Origins without it share what is left. */
  readonly percent?: number;
  /** Multiplies the weights of its endpoints, 0 to 256. Default 1. Not together with `percent`. */
  readonly weight?: number;
  /** Origins of a lower priority take traffic only while no endpoint of a higher one can. Default 0. */
  readonly priority?: number;
}
