import { createHash } from 'node:crypto';
import type { PipelineOptions } from '@signalbox/core';
import { buildPipelineOptions } from './build.ts';
import { type ConfiguredPlugin, readPlugins } from './plugins.ts';
import { ConfigProblemsError } from './problems.ts';
import { readFrame } from './read-frame.ts';
import { toData } from './tree.ts';

export interface LoadConfigOptions {
  /** What `${NAME}` refers to. Nothing else is read from the environment. Default: no variables at all. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Where a relative path to the file starts; messages are relative to it as well. Default: that of the process. */
  readonly workingDirectory?: string;
}

export interface LoadedConfig {
  /** Absolute. */
  readonly file: string;
  /** Absolute. */
  readonly stateDirectory: string;
  /** For `createPipeline`; add a `logger`. */
  readonly pipelineOptions: PipelineOptions;
  readonly plugins: readonly ConfiguredPlugin[];
  /** Where `run` tells about itself; undefined: nowhere. */
  readonly adminListen: string | undefined;
  /** Equal for two files that mean the same, substituted values and the plugins' own files included. */
  readonly digest: string;
}

/**
 * Reads a `signalbox.yaml`, resolves its plugins and validates everything. Opens no connection.
 *
 * @throws {ConfigProblemsError} with every problem at once
 */
export async function loadConfig(path: string, options: LoadConfigOptions = {}): Promise<LoadedConfig> {
  const { environment = {}, workingDirectory } = options;
  const { file, directory, tree, frame, problems } = await readFrame(path, { environment, workingDirectory });
  const plugins = await readPlugins(tree, file, problems);
  if (problems.count > 0 || frame === undefined) throw new ConfigProblemsError(problems.list());

  const digest = createHash('sha256')
    .update(JSON.stringify([toData(tree), plugins.map(({ revision }) => revision)]))
    .digest('hex');
  return {
    file,
    plugins,
    digest,
    adminListen: frame.admin?.listen,
    ...buildPipelineOptions(frame, plugins, directory),
  };
}
