import {
  createPipeline,
  delay,
  messageOf,
  PipelineError,
  type PipelineOptions,
  type Service,
  type Sink,
  type SinkEntry,
  type Source,
  silentLogger,
} from '@signalbox/core';
import { loadWithoutSources } from '../config/load-without-sources.ts';
import type { Mismatch } from './compare-data.ts';
import { collectServices } from './given-services.ts';
import { judgeScenario, type Outcome, type SinkOutcome } from './judge-scenario.ts';
import type { Scenario, ScenarioFile } from './scenario-file.ts';

export interface ScenarioRun {
  readonly configPath: string;
  readonly workingDirectory: string;
  readonly file: ScenarioFile;
  readonly scenario: Scenario;
  /** Its place in the file. */
  readonly index: number;
  readonly signal: AbortSignal;
}

/** Nothing is waited for but the inputs of transforms, such as a file with rules. */
const longestMs = 10_000;

/**
 * Everything that is not as expected; nothing when it passes.
 * @throws {ConfigProblemsError} when the configuration file cannot be used
 */
export async function runScenario(run: ScenarioRun): Promise<readonly Mismatch[]> {
  const { configPath, workingDirectory, file, scenario, index, signal } = run;
  const path = ['scenarios', index];
  const given = new Map<string, readonly Service[]>();
  // Read anew for each scenario: a transform may remember what it was given last.
  const { pipelineOptions, sourceIds } = await loadWithoutSources(configPath, {
    environment: file.environment,
    workingDirectory,
    createSource: (id) => createSource(() => given.get(id) ?? []),
  });
  const { bySource, problems } = await collectServices(scenario, file, [...path, 'given'], sourceIds);
  if (problems.length > 0) return problems;
  for (const [id, services] of bySource) given.set(id, services);
  const sinkIds = Object.keys(scenario.expect.sinks ?? {});
  try {
    const outcome = await produceOutcome(pipelineOptions, sinkIds, signal);
    const warnings = outcome.warnings.map(({ transform, message }) => `${transform}: ${message}`);
    return judgeScenario(scenario.expect, { ...outcome, warnings }, [...path, 'expect']);
  } catch (error) {
    signal.throwIfAborted();
    return [{ path, message: messageOf(error) }];
  }
}

interface RawOutcome extends Omit<Outcome, 'warnings'> {
  readonly warnings: readonly { readonly transform: string; readonly message: string }[];
}

async function produceOutcome(
  options: PipelineOptions,
  wanted: readonly string[],
  signal: AbortSignal,
): Promise<RawOutcome> {
  const sinks = options.sinks as Readonly<Record<string, SinkEntry>>;
  // The pipeline never gets hold of the sinks themselves: nothing but `render` is called.
  const stand = Object.fromEntries(Object.entries(sinks).map(([id, entry]) => [id, { ...entry, sink: blindSink }]));
  const pipeline = createPipeline({ ...options, sinks: stand });
  const expiry = AbortSignal.timeout(longestMs);
  const { catalog, outcomes } = await pipeline
    .inspect(
      AbortSignal.any([signal, expiry]),
      async ({ firstCatalog, signal: inner }) => {
        const first = await firstCatalog();
        const existing = wanted.filter((id) => Object.hasOwn(sinks, id));
        return {
          catalog: first,
          outcomes: await Promise.all(existing.map(async (id) => [id, await render(id, inner)])),
        };
      },
      { singlePass: true },
    )
    .catch((error: unknown) => {
      if (!expiry.aborted || signal.aborted) throw error;
      throw new PipelineError('the transforms gave no result within 10s', { code: 'PLUGIN_FAILED', cause: error });
    });

  async function render(id: string, inner: AbortSignal): Promise<SinkOutcome> {
    const own = pipeline.trace.sinks[id]?.catalog;
    if (own === undefined) throw new PipelineError(`no services reach the sink "${id}"`, { code: 'PLUGIN_FAILED' });
    const files = await sinks[id]?.sink.render?.(own, { id, signal: inner, logger: silentLogger });
    return { services: own.services, files };
  }

  const warnings = Object.entries(pipeline.status.transforms).flatMap(([transform, status]) =>
    status.warnings.map(({ message }) => ({ transform, message })),
  );
  return {
    services: catalog.services,
    sinks: Object.fromEntries(outcomes),
    sinkIds: Object.keys(sinks),
    warnings,
  };
}

function createSource(read: () => readonly Service[]): Source {
  return {
    async *watch({ signal }) {
      yield read();
      await delay(Number.POSITIVE_INFINITY, signal);
    },
  };
}

const blindSink: Sink = {
  async plan() {
    return { changes: [], warnings: [], async apply() {} };
  },
};
