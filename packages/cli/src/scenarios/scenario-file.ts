import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type OptionsSchema, PipelineError } from '@signalbox/core';
import { z } from 'zod';
import { createPlainSchema } from '../config/editor-schema.ts';
import type { JsonSchema } from '../config/json-schema.ts';
import { ProblemCollector } from '../config/problem-collector.ts';
import { ConfigProblemsError, type Problem } from '../config/problems.ts';
import { shortenPath } from '../config/read-frame.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { readTree } from '../config/read-tree.ts';
import { readValue } from '../config/read-value.ts';
import { validateAt } from '../config/report-issues.ts';
import { type ConfigNode, locate, type Path } from '../config/tree.ts';
import { expectedService, type PartialService, partialService } from './service-schema.ts';

export interface Scenario {
  readonly name: string;
  readonly given: {
    readonly services?: readonly PartialService[];
    readonly files?: readonly string[];
  };
  readonly expect: Expectation;
}

export interface ServicesExpectation {
  /** By id; `null` for a service that must not be there. */
  readonly services?: Readonly<Record<string, PartialService | null>>;
  /** Whether there must be no others. */
  readonly complete?: boolean;
}

export interface Expectation extends ServicesExpectation {
  readonly sinks?: Readonly<Record<string, SinkExpectation>>;
  /** When given, the complete list: each is a part of a warning of a transform. */
  readonly warnings?: readonly string[];
}

export interface SinkExpectation extends ServicesExpectation {
  /** By name or path. */
  readonly files?: Readonly<Record<string, TextExpectation>>;
}

export interface TextExpectation {
  readonly contains?: string | readonly string[];
  readonly notContains?: string | readonly string[];
  readonly matches?: string | readonly string[];
}

/** A file of scenarios that is valid. */
export interface ScenarioFile {
  /** Absolute. */
  readonly file: string;
  /** As people shall see it. */
  readonly shown: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly scenarios: readonly Scenario[];
  /** Where something of the file stands, 1-based; for what is not there, where it would belong. */
  positionOf(path: Path): { readonly line: number; readonly column: number; readonly path: Path };
}

const fragments = z.union([z.string(), z.array(z.string())]).optional();

const servicesExpectation = {
  services: z
    .record(z.string(), z.union([expectedService, z.null()]))
    .optional()
    .meta({
      description: 'By id: the properties that a service must have at least, or ~ for one that must not be there.',
    }),
  complete: z.boolean().optional().meta({ description: 'Whether there must be no other services. Default false.' }),
};

const textExpectation = z.strictObject({
  contains: fragments.meta({
    description:
      'Parts of the file. One line may stand anywhere in a line, several must follow each other; indentation does not count.',
  }),
  notContains: fragments.meta({ description: 'What must not be a part of it.' }),
  matches: fragments.meta({ description: 'Regular expressions; ^ and $ stand for the ends of lines.' }),
});

const scenario = z.strictObject({
  name: z.string().min(1).meta({ description: 'What it shows, in one sentence.' }),
  given: z
    .strictObject({
      services: z.array(partialService).optional().meta({ description: 'What the sources say.' }),
      files: z.array(z.string().min(1)).optional().meta({
        description:
          'JSON files beside this one with services, as "signalbox tap sources.<id> --full --limit 1" prints them.',
      }),
    })
    .meta({ description: 'What the sources of the configuration file say. Sources that are not named say "none".' }),
  expect: z
    .strictObject({
      ...servicesExpectation,
      sinks: z
        .record(
          z.string(),
          z.strictObject({
            ...servicesExpectation,
            files: z.record(z.string(), textExpectation).optional().meta({
              description: 'By name or path: what "signalbox render" would print for this sink.',
            }),
          }),
        )
        .optional()
        .meta({ description: 'By id: what a sink gets behind its own transforms, and what it would write.' }),
      warnings: z.array(z.string()).optional().meta({
        description:
          'Each a part of a warning of a transform. When given, there must be no others; [] for none at all.',
      }),
    })
    .refine((value) => Object.keys(value).length > 0, 'expected services, complete, sinks or warnings')
    .meta({ description: 'What is to come of it; at least one of these.' }),
});

/** The form of a file with scenarios. */
export const scenarioSchema: OptionsSchema<unknown> = z.strictObject({
  version: z.literal(1).meta({ description: 'The version of this file format.' }),
  environment: z.record(z.string(), z.string()).optional().meta({
    description: 'Variables that the configuration file refers to. The environment of the process does not count.',
  }),
  scenarios: z.array(scenario).min(1).meta({ description: 'Each is run by itself.' }),
});

/** For editors. */
export function createScenarioSchema(): JsonSchema {
  return createPlainSchema(jsonSchema(), 'signalbox.test.yaml');
}

function jsonSchema(): JsonSchema {
  return scenarioSchema['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
}

/** @throws {ConfigProblemsError} with every problem of the file */
export async function readScenarioFile(path: string, workingDirectory: string): Promise<ScenarioFile> {
  const file = resolve(workingDirectory, path);
  const shown = shortenPath(file, workingDirectory);
  const text = await readTextFile(
    file,
    shown,
    'name a file that is there; "signalbox test --schema" says what goes in',
  );
  const problems = new ProblemCollector(shown, text);
  const tree = await readTree(text, undefined, problems);
  if (tree === undefined) throw new ConfigProblemsError(problems.list());
  const data = validateAt(scenarioSchema, readValue(tree, jsonSchema(), [], problems), tree, [], problems);
  if (data === undefined || problems.count > 0) throw new ConfigProblemsError(problems.list());
  const { environment = {}, scenarios } = data as Pick<ScenarioFile, 'scenarios'> & Partial<ScenarioFile>;
  return { file, shown, environment, scenarios, positionOf: (place) => positionOf(place, tree, problems) };
}

function positionOf(path: Path, tree: ConfigNode, problems: ProblemCollector): ReturnType<ScenarioFile['positionOf']> {
  const { node, key, path: found } = locate(tree, path);
  return { ...problems.positionOf((key ?? node.range).start), path: found };
}

/** Every file, or every problem of all of them. @throws {ConfigProblemsError} */
export async function readScenarioFiles(
  paths: readonly string[],
  workingDirectory: string,
): Promise<readonly ScenarioFile[]> {
  const results = await Promise.allSettled(paths.map((path) => readScenarioFile(path, workingDirectory)));
  const problems: Problem[] = [];
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    if (!(result.reason instanceof ConfigProblemsError)) throw result.reason;
    problems.push(...result.reason.problems);
  }
  if (problems.length > 0) throw new ConfigProblemsError(problems);
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/** The services of a JSON file: a list, or an object with this list as `services`. @throws {PipelineError} `CONFIG_UNREADABLE` */
export async function readServices(file: string): Promise<readonly PartialService[]> {
  let data: unknown;
  try {
    data = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new PipelineError(`reading ${file}`, { code: 'CONFIG_UNREADABLE', cause });
  }
  const services = Array.isArray(data) ? data : (data as { readonly services?: unknown } | null)?.services;
  if (Array.isArray(services)) return services as readonly PartialService[];
  throw new PipelineError(`${file} holds no list of services`, { code: 'CONFIG_UNREADABLE' });
}
