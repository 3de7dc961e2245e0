import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { checkFrame } from './check-frame.ts';
import { type Frame, frameSchema } from './frame.ts';
import { ProblemCollector } from './problem-collector.ts';
import { ConfigProblemsError } from './problems.ts';
import { readTextFile } from './read-text-file.ts';
import { readTree } from './read-tree.ts';
import { readValue } from './read-value.ts';
import { validateAt } from './report-issues.ts';
import type { ConfigNode } from './tree.ts';

export interface ReadFrameOptions {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string | undefined;
  /** Whether words stand in for variables that are not set and for every `${file:…}`, which is not read then: secrets stand there. */
  readonly standIns?: boolean;
}

export interface FrameReading {
  /** Absolute. */
  readonly file: string;
  readonly directory: string;
  readonly tree: ConfigNode;
  /** `undefined` when it has problems. */
  readonly frame: Frame | undefined;
  /** Everything that was found so far; whoever reads on adds to it. */
  readonly problems: ProblemCollector;
}

/**
 * Reads a configuration file up to the options of its plugins.
 * @throws {ConfigProblemsError} when it cannot be read, or is no YAML
 */
export async function readFrame(path: string, options: ReadFrameOptions): Promise<FrameReading> {
  const { environment, workingDirectory, standIns = false } = options;
  const file = resolve(workingDirectory ?? '.', path);
  const directory = dirname(file);
  const shown = workingDirectory === undefined ? path : shortenPath(file, workingDirectory);
  const text = await readTextFile(
    file,
    shown,
    'name another file with --config, or write a first one with "signalbox init"',
  );
  const problems = new ProblemCollector(shown, text);

  const readReferenced = async (name: string): Promise<string> => {
    if (standIns) throw new Error('it is not read');
    return readFile(resolve(directory, name), 'utf8');
  };
  const tree = await readTree(text, { environment, readFile: readReferenced, standIns }, problems);
  if (tree === undefined) throw new ConfigProblemsError(problems.list());

  const schema = frameSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  const frame = validateAt(frameSchema, readValue(tree, schema, [], problems), tree, [], problems) as Frame | undefined;
  if (frame !== undefined) checkFrame(frame, tree, problems);
  return { file, directory, tree, frame, problems };
}

/** A path below the working directory is shown without it. */
export function shortenPath(file: string, workingDirectory: string): string {
  const path = relative(workingDirectory, file);
  return path.startsWith('..') ? file : path;
}
