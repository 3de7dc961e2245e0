import type { Catalog, PluginContext, Sink } from '@signalbox/core';
import { createProxySink } from '@signalbox/sink-kit';
import { createPlan } from './plan/create-plan.ts';
import { probeTarget } from './probe-target.ts';
import { renderFiles } from './render/config.ts';
import type { Settings } from './settings.ts';
import { createSinkState } from './sink-state.ts';
import { readStatistics } from './statistics/read-statistics.ts';
import { watchTarget } from './watch-target.ts';

export function createHaproxySink(settings: Settings): Sink {
  const state = createSinkState(settings);
  const { follower, lock } = state;
  return createProxySink({
    plan: (catalog, context) => createPlan(state, catalog, context),
    changes: (context) => watchTarget(state, context),
    probe: (context) => probeTarget(state, context),
    render: (catalog, context) => render(settings, catalog, context),
    statistics: (catalog, { signal }) => readStatistics(state, catalog, signal),
    follower,
    lock,
    close: () => state.session.close(),
    stop: settings.manage?.onExit === 'stop' ? state.managed?.stop : undefined,
  });
}

async function render(
  settings: Settings,
  catalog: Catalog,
  { signal }: PluginContext,
): Promise<ReadonlyMap<string, string>> {
  // Nothing of what the sink itself remembers: it must not take what is read here for seen.
  const { certificates, clientAuthorities, desiredState, fit } = createSinkState(settings);
  await certificates?.store.refresh(signal);
  await clientAuthorities?.refresh(signal);
  const own = {
    certificates: certificates?.store.names ?? new Set<string>(),
    clientAuthorities: clientAuthorities?.authorities ?? new Map(),
  };
  const { desired } = await fit.preview(
    (circumstances) => desiredState.update(catalog, { ...circumstances, ...own }),
    signal,
  );
  return new Map([...(certificates?.renderList() ?? []), ...renderFiles(desired, settings)]);
}
