import { type Catalog, defineSink, isHandover, type PluginContext, type Sink, type SinkPlugin } from '@signalbox/core';
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
import { watchTarget } from './watch-target.ts';

/** Keeps nginx in step: endpoints and routes without a reload where its Lua module is there, everything else by reloads. */
export const nginx: SinkPlugin<NginxOptions> = defineSink({
  type: 'nginx',
  description: 'Keeps nginx in step, without reloads where its Lua module is there.',
  options: nginxOptions,
  create: (options) => createNginxSink(toSettings(options)),
});

/** The longest that the end of Signalbox waits for a managed nginx to end. */
const stopTimeoutMs = 15_000;

function createNginxSink(settings: Settings): Sink {
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
    async [Symbol.asyncDispose]() {
      try {
        await state.follower.flush();
      } finally {
        // Who only looked, or was refused, must not end the nginx of a Signalbox that runs.
        const isOurs = settings.manage?.onExit === 'stop' && (await state.lock.isHeld());
        if (isOurs && !isHandover(pipelineSignal?.reason)) {
          await stopNginx(settings, AbortSignal.timeout(stopTimeoutMs));
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
