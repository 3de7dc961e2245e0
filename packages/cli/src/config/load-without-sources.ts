import type { PipelineOptions, Source } from '@signalbox/core';
import { buildPipelineOptions } from './build.ts';
import { type ConfiguredPlugin, readPlugins } from './plugins.ts';
import { ConfigProblemsError } from './problems.ts';
import { readFrame } from './read-frame.ts';

export interface LoadWithoutSourcesOptions {
  /** What `${NAME}` refers to; words stand in for what is not here, and for every `${file:…}`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  /** Called for each source of the file, whose own plugin is not loaded. */
  readonly createSource: (id: string) => Source;
}

export interface ConfigWithoutSources {
  /** Without a store for last good sets. */
  readonly pipelineOptions: PipelineOptions;
  readonly plugins: readonly ConfiguredPlugin[];
  readonly sourceIds: readonly string[];
}

/**
 * Reads a configuration file with other sources in the places of its own, so that its transforms and sinks can be tried.
 * @throws {ConfigProblemsError} with every problem at once
 */
export async function loadWithoutSources(
  path: string,
  { createSource, ...options }: LoadWithoutSourcesOptions,
): Promise<ConfigWithoutSources> {
  const { file, directory, tree, frame, problems } = await readFrame(path, { ...options, standIns: true });
  const plugins = await readPlugins(tree, file, problems, (kind) => kind !== 'source');
  if (problems.count > 0 || frame === undefined) throw new ConfigProblemsError(problems.list());
  const sourceIds = Object.keys(frame.sources);
  const sources = sourceIds.map((id) => ({
    kind: 'source' as const,
    path: ['sources', id],
    instance: createSource(id),
  }));
  const { pipelineOptions } = buildPipelineOptions(frame, [...plugins, ...sources], directory);
  const { lastKnownGood: _store, ...rest } = pipelineOptions;
  return { pipelineOptions: rest, plugins, sourceIds };
}
