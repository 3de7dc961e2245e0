import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { messageOf, type PipelineOptions } from '@signalbox/core';
import { buildPipelineOptions } from './build.ts';
import { checkFrame } from './check-frame.ts';
import type { Frame } from './frame.ts';
import { frameSchema } from './frame.ts';
import { type ConfiguredPlugin, readPlugins } from './plugins.ts';
import { ProblemCollector } from './problem-collector.ts';
import { ConfigProblemsError } from './problems.ts';
import { readTree } from './read-tree.ts';
import { readValue } from './read-value.ts';
import { validateAt } from './report-issues.ts';
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
  const file = resolve(workingDirectory ?? '.', path);
  const directory = dirname(file);
  const shown = workingDirectory === undefined ? path : shortenPath(file, workingDirectory);
  const text = await readText(file, shown);
  const problems = new ProblemCollector(shown, text);

  const readReferenced = (name: string): Promise<string> => readFile(resolve(directory, name), 'utf8');
  const tree = await readTree(text, { environment, readFile: readReferenced }, problems);
  if (tree === undefined) throw new ConfigProblemsError(problems.list());

  const schema = frameSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  const frame = validateAt(frameSchema, readValue(tree, schema, [], problems), tree, [], problems);
  if (frame !== undefined) checkFrame(frame as Frame, tree, problems);
  const plugins = await readPlugins(tree, file, problems);
  if (problems.count > 0 || frame === undefined) throw new ConfigProblemsError(problems.list());

  const digest = createHash('sha256')
    .update(JSON.stringify([toData(tree), plugins.map(({ revision }) => revision)]))
    .digest('hex');
  return { file, plugins, digest, ...buildPipelineOptions(frame as Frame, plugins, directory) };
}

function shortenPath(file: string, workingDirectory: string): string {
  const path = relative(workingDirectory, file);
  return path.startsWith('..') ? file : path;
}

/** What an error code of the file system means here, and what to do about it. */
const unreadable: Readonly<Record<string, readonly [message: string, advice: string]>> = {
  ENOENT: ['there is no such file', 'name another file with --config, or write a first one with "signalbox init"'],
  EISDIR: ['this is a directory', 'name the file within it with --config'],
  EACCES: [
    'this user may not read the file',
    'let the user that runs signalbox read it, and search the folders above it',
  ],
};

async function readText(file: string, shown: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const [message, advice] = unreadable[code] ?? [
      `reading the file: ${messageOf(error)}`,
      'name another file with --config',
    ];
    throw new ConfigProblemsError([
      {
        code: 'CONFIG_UNREADABLE',
        file: shown,
        line: 0,
        column: 0,
        length: 0,
        path: [],
        message,
        advice,
      },
    ]);
  }
}
