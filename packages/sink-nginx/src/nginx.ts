import { type Catalog, defineSink, type PluginContext, type Sink, type SinkPlugin } from '@signalbox/core';
import { createProxySink } from '@signalbox/sink-kit';
import { stopNginx } from './control/process.ts';
import { certificateKey } from './desired/certificate-entries.ts';
import { toEntries } from './desired/entries.ts';
import { type NginxOptions, nginxOptions } from './options.ts';
import { createPlan } from './plan/create-plan.ts';
import { probeTarget } from './probe-target.ts';
import { renderStructure } from './render/config.ts';
import { renderFiles } from './render/files.ts';
import { type Settings, toSettings } from './settings.ts';
import { createSinkState, equip } from './sink-state.ts';
import { readStatistics } from './statistics/read-statistics.ts';
import { watchTarget } from './watch-target.ts';

/** Keeps nginx in step: endpoints and routes without a reload where its Lua module is there, everything else by reloads. */
export const nginx: SinkPlugin<NginxOptions> = defineSink({
  type: 'nginx',
  description: 'Keeps nginx in step, without reloads where its Lua module is there.',
  options: nginxOptions,
  create: (options) => createNginxSink(toSettings(options)),
});

function createNginxSink(settings: Settings): Sink {
  const state = createSinkState(settings);
  const { follower, lock, control } = state;
  return createProxySink({
    plan: (catalog, context) => createPlan(state, catalog, context),
    changes: (context) => watchTarget(state, context),
    probe: (context) => probeTarget(state, context),
    render: (catalog, context) => render(settings, catalog, context),
    statistics: (catalog, { signal }) => readStatistics(state, catalog, signal),
    follower,
    lock,
    close: async () => control.close(),
    stop: settings.manage?.onExit === 'stop' ? ({ signal }) => stopNginx(settings, signal) : undefined,
  });
}

async function render(
  settings: Settings,
  catalog: Catalog,
  { signal }: PluginContext,
): Promise<ReadonlyMap<string, string>> {
  const state = createSinkState(settings);
  await state.certificates?.refresh(signal);
  const { abilities, render: options } = await equip(state, signal);
  const certificates = state.certificates?.certificates ?? new Map();
  const { desired } = await state.fit.preview(
    (circumstances) => state.desiredState.update(catalog, { ...circumstances, abilities, certificates }),
    signal,
  );
  const structure = { ...renderStructure(desired, options), certificates: undefined };
  // Keys are nothing to show.
  const entries = [...toEntries(desired)].filter(([key]) => !key.startsWith(certificateKey('')));
  return renderFiles(structure, new Map(entries), options);
}
