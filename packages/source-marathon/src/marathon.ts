import { defineSource, type SourceError, type SourcePlugin } from '@signalbox/core';
import { MarathonClient } from './client/client.ts';
import { combineErrors, networkError } from './client/failures.ts';
import { parseMasters } from './client/master.ts';
import { Masters } from './client/masters.ts';
import { type MarathonOptions, optionsSchema, type ResolvedMarathonOptions } from './options.ts';
import { Registries } from './watch/registries.ts';
import { watchMarathon } from './watch/watch.ts';

/** Services and endpoints of Marathon 0.8 to 1.11: one service per declared port of each app and per endpoint of each pod. */
export const marathon: SourcePlugin<MarathonOptions> = defineSource<MarathonOptions, ResolvedMarathonOptions>({
  type: 'marathon',
  description: 'Services and endpoints from Marathon, followed by its event stream.',
  options: optionsSchema,
  create(options) {
    const now = Date.now;
    const all = parseMasters(options, now);
    const masters = new Masters(all);
    const registries = new Map<string, Registries>();
    return {
      watch(context) {
        const known =
          registries.get(context.id) ??
          new Registries({ sourceId: context.id, address: options.address, logger: context.logger, now });
        registries.set(context.id, known);
        return watchMarathon({ options, masters, registries: known, now }, context);
      },

      async probe({ signal }) {
        await using client = await MarathonClient.open(masters, options, signal);
        const results = await Promise.allSettled(all.map((master) => client.checkMaster(master)));
        signal.throwIfAborted();
        if (results.some((result) => result.status === 'fulfilled')) return;
        throw combineErrors(
          results.flatMap((result, index): SourceError[] =>
            result.status === 'rejected' ? [networkError(result.reason, all[index]?.url ?? '')] : [],
          ),
        );
      },
    };
  },
});
