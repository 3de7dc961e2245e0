import { join, resolve } from 'node:path';
import {
  fileLastKnownGood,
  type LastKnownGoodStore,
  type PipelineOptions,
  type Sink,
  type Source,
  type Transform,
} from '@signalbox/core';
import type { Frame } from './frame.ts';
import type { ConfiguredPlugin } from './plugins.ts';
import { formatPath, type Path } from './tree.ts';

/** What matters here of a plugin. */
export type PlacedInstance = Pick<ConfiguredPlugin, 'kind' | 'path' | 'instance'> &
  Partial<Pick<ConfiguredPlugin, 'fingerprint'>>;

/** Puts the plugins of a file without problems where the pipeline wants them. */
export function buildPipelineOptions(
  frame: Frame,
  plugins: readonly PlacedInstance[],
  directory: string,
): { readonly stateDirectory: string; readonly pipelineOptions: PipelineOptions } {
  const instances = new Map(plugins.map(({ path, instance }) => [formatPath(path), instance]));
  const instanceAt = <Instance>(path: Path): Instance => instances.get(formatPath(path)) as Instance;
  const transformsAt = (path: Path, list: readonly unknown[] | undefined) =>
    list && { transforms: list.map((_, index) => instanceAt<Transform>([...path, 'transforms', index])) };

  const stateDirectory = resolve(directory, frame.stateDir ?? '.signalbox');
  const { version: _version, stateDir: _stateDir, admin: _admin, sources, transforms, sinks, ...settings } = frame;
  return {
    stateDirectory,
    pipelineOptions: {
      ...settings,
      sources: mapValues(sources, ({ type: _type, options: _options, transforms: own, ...entry }, id) => {
        const path = ['sources', id];
        return { source: instanceAt<Source>(path), ...entry, ...transformsAt(path, own) };
      }),
      ...transformsAt([], transforms),
      sinks: mapValues(sinks, ({ type: _type, options: _options, transforms: own, ...entry }, id) => {
        const path = ['sinks', id];
        return { sink: instanceAt<Sink>(path), ...entry, ...transformsAt(path, own) };
      }),
      lastKnownGood: keyByUpstream(fileLastKnownGood(join(stateDirectory, 'last-known-good')), plugins),
    },
  };
}

/**
 * A source's name alone does not tell where its set came from: two files in one folder, or a changed URL and a SIGHUP,
 * would use the set of another upstream. So the key has a hash of the plugin's type and options in it; secrets do not
 * count, because with a new password it is the same upstream still.
 */
function keyByUpstream(store: LastKnownGoodStore, plugins: readonly PlacedInstance[]): LastKnownGoodStore {
  const fingerprints = new Map(
    plugins.flatMap(({ kind, path, fingerprint }) => (kind === 'source' ? [[path[1], fingerprint]] : [])),
  );
  const keyOf = (sourceId: string): string => `${sourceId}-${fingerprints.get(sourceId)}`;
  return {
    load: (sourceId) => store.load(keyOf(sourceId)),
    save: (sourceId, state) => store.save(keyOf(sourceId), state),
  };
}

function mapValues<Value, Result>(
  record: Readonly<Record<string, Value>>,
  convert: (value: Value, key: string) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, convert(value, key)]));
}
