import type { Logger } from '@signalbox/core';
import type { MarathonClient } from '../client/client.ts';
import type { ResolvedMarathonOptions } from '../options.ts';
import type { Registries } from './registries.ts';

/** Everything that one run of `watch` works with. */
export interface Session {
  readonly client: MarathonClient;
  readonly registries: Registries;
  readonly options: ResolvedMarathonOptions;
  readonly logger: Logger;
  readonly now: () => number;
  /** Gives the present set to the runtime if it changed, or in any case when `always`. */
  readonly publish: (options?: { readonly always: boolean }) => void;
}
