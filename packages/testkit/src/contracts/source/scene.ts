import type { PluginContext, Source } from '@signalbox/core';
import { type RecordingLogger, recordingLogger } from '../../doubles/recording-logger.ts';
import type { Population, SourceHarness, SourceUpstream } from './source-harness.ts';
import { contractSourceId, Watcher } from './watcher.ts';

export const defaultTimeoutMs = 8_000;

/** What a case of the source contract works with. */
export interface Scene {
  // biome-ignore lint/suspicious/noExplicitAny: the options only go back to the plugin they came with
  readonly upstream: SourceUpstream<any>;
  readonly source: Source;
  readonly logger: RecordingLogger;
  /** Starts a watch of the scene's source, or of another. */
  watch(source?: Source, controller?: AbortController): Watcher;
  createSource(): Source;
  createContext(signal?: AbortSignal): PluginContext;
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export type AnySourceHarness = SourceHarness<any>;

/** Starts an upstream with these services and a source of it; ends every watch and the upstream afterwards. */
export async function withScene(
  harness: AnySourceHarness,
  population: Population,
  body: (scene: Scene) => Promise<void>,
): Promise<void> {
  const upstream = await harness.start();
  const watchers: Watcher[] = [];
  const logger = recordingLogger();
  const createSource = (): Source => harness.plugin(upstream.options);
  try {
    if (Object.keys(population).length > 0) await upstream.setServices(population);
    const source = createSource();
    await body({
      upstream,
      source,
      logger,
      watch(watched = source, controller = new AbortController()) {
        const watcher = new Watcher(watched, harness.timeoutMs ?? defaultTimeoutMs, controller);
        watchers.push(watcher);
        return watcher;
      },
      createSource,
      createContext: (signal = new AbortController().signal) => ({ id: contractSourceId, signal, logger }),
    });
  } finally {
    await Promise.all(watchers.map((watcher) => watcher.stop()));
    await upstream.stop();
  }
}
