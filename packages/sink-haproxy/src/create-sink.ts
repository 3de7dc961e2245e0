import { type Catalog, isHandover, type PluginContext, type Sink } from '@signalbox/core';
import { createPlan } from './plan/create-plan.ts';
import { probeTarget } from './probe-target.ts';
import { renderFiles } from './render/config.ts';
import type { Settings } from './settings.ts';
import { createSinkState } from './sink-state.ts';
import { readStatistics } from './statistics/read-statistics.ts';
import { watchTarget } from './watch-target.ts';

/** The longest that the end of Signalbox waits for a managed HAProxy to end. */
const stopTimeoutMs = 15_000;

export function createHaproxySink(settings: Settings): Sink {
  const state = createSinkState(settings);
  /** Of the pipeline that this sink works for; its reason says how that ended. */
  let pipelineSignal: AbortSignal | undefined;
  return {
    plan(catalog, context) {
      pipelineSignal = context.signal;
      return createPlan(state, catalog, context);
    },
    changes: (context) => watchTarget(state, context),
    probe: (context) => probeTarget(state, context),
    render: (catalog, context) => render(settings, catalog, context),
    statistics: (catalog, { signal }) => readStatistics(state, catalog, signal),
    async [Symbol.asyncDispose]() {
      try {
        await state.follower.flush();
      } finally {
        await state.session.close();
        // Who only looked, or was refused, must not end the HAProxy of a Signalbox that runs.
        const isOurs = settings.manage?.onExit === 'stop' && (await state.lock.isHeld());
        if (isOurs && !isHandover(pipelineSignal?.reason)) {
          await state.managed?.stop({ signal: AbortSignal.timeout(stopTimeoutMs) });
        }
        await state.lock.release();
      }
    },
  };
}

async function render(
  settings: Settings,
  catalog: Catalog,
  { signal }: PluginContext,
): Promise<ReadonlyMap<string, string>> {
  // Nothing of what the sink itself remembers: it must not take what is read here for seen.
  const { certificates, desiredState, fit } = createSinkState(settings);
  await certificates?.store.refresh(signal);
  const names = certificates?.store.names ?? new Set<string>();
  const { desired } = await fit.preview(
    (circumstances) => desiredState.update(catalog, { ...circumstances, certificates: names }),
    signal,
  );
  return new Map([...(certificates?.renderList() ?? []), ...renderFiles(desired, settings)]);
}
