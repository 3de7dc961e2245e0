import { type Catalog, isHandover, type PluginContext, type Sink } from '@signalbox/core';
import { createHostAddresses } from '@signalbox/sink-kit';
import { createDesiredState } from './desired/desired-state.ts';
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
    statistics: (catalog, { signal }) => readStatistics(settings, catalog, signal),
    async [Symbol.asyncDispose]() {
      try {
        await state.follower.flush();
      } finally {
        await state.session.close();
        if (settings.manage?.onExit === 'stop' && !isHandover(pipelineSignal?.reason)) {
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
  const hosts = createHostAddresses();
  const desiredState = createDesiredState(settings);
  const inputs = { lookUp: hosts.lookUp, occupiedPorts: new Set<number>(), refused: new Map() };
  desiredState.update(catalog, inputs);
  await hosts.resolve({ all: false, signal });
  return renderFiles(desiredState.update(catalog, inputs).desired, settings);
}
