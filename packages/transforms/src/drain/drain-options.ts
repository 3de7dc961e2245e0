import type { Selector } from '@signalbox/core';

export interface DrainOptions {
  /** The YAML file with the drains. It may be missing: then there are none. Relative to the working directory. */
  readonly file: string;
}

/** One entry of `drains` in the file. */
export interface DrainEntry {
  /** The endpoints: all of the services that match, or with `endpoint: …` only those. */
  readonly match: Selector | readonly Selector[];
  /** ISO 8601 with an offset, e.g. `2026-01-31T18:00:00Z`. From then on the entry has no effect. */
  readonly until: string;
  /** For people: one line. */
  readonly reason: string;
  /** Also where nobody else could serve. Default false. */
  readonly force?: boolean;
}
