import { ConfigError } from '../errors/config-error.ts';
import type { Cell } from '../helpers/cell.ts';
import type { Catalog } from '../model/catalog.ts';
import type { Plan } from '../plugin/sink.ts';
import type { SinkLane } from './sink-lane.ts';
import type { PipelineTrace } from './trace.ts';

/** A pipeline at work whose sinks do nothing by themselves. */
export interface Inspection {
  /** Aborted when the inspection is over. */
  readonly signal: AbortSignal;
  /** Resolves to the newest catalog, as soon as there is one; rejects with what kept the first one from being built. */
  firstCatalog(): Promise<Catalog>;
  /** Yields the newest trace, and again after every change of any set; whoever is slow skips to the newest. Throws when aborted. */
  traces(): AsyncIterable<PipelineTrace>;
  /**
   * Compares the newest catalog of a sink with reality. One at a time for each sink.
   * @throws {PipelineError} what went wrong, or `CONFIG_INVALID` for an id that is no sink
   */
  plan(sinkId: string): Promise<Plan>;
}

export interface InspectOptions {
  /**
   * Whether the first failure of a required source of which nothing is known ends the inspection, as befits a single look. Default
   * false: it is asked again and again. In both cases the set of an earlier run stands in for a source that does not answer.
   */
  readonly singlePass?: boolean;
}

export interface InspectedParts {
  readonly signal: AbortSignal;
  /** Set whenever a set of the trace may have become another one. */
  readonly changes: Cell<unknown>;
  readonly takeTrace: () => PipelineTrace;
  /** Resolves to the newest catalog as soon as there is one. */
  readonly firstCatalog: () => Promise<Catalog>;
  readonly sinks: readonly SinkLane[];
}

export function createInspection({ signal, changes, takeTrace, firstCatalog, sinks }: InspectedParts): Inspection {
  return {
    signal,
    firstCatalog,
    traces: () => followTrace(changes, takeTrace, signal),
    async plan(sinkId) {
      const lane = sinks.find(({ runner }) => runner.id === sinkId);
      if (lane === undefined) throw new ConfigError(`there is no sink "${sinkId}"`, { code: 'CONFIG_INVALID' });
      return lane.runner.planOnce(lane.catalogFor(await firstCatalog()), signal);
    },
  };
}

/** Everything that changes in one go makes one trace, because whoever waits is woken behind it. */
async function* followTrace(
  changes: Cell<unknown>,
  takeTrace: () => PipelineTrace,
  signal: AbortSignal,
): AsyncGenerator<PipelineTrace> {
  let last: PipelineTrace | undefined;
  for (;;) {
    signal.throwIfAborted();
    const { version } = changes;
    const trace = takeTrace();
    if (last === undefined || !isSameTrace(last, trace)) yield trace;
    last = trace;
    await changes.changedSince(version, signal);
  }
}

function isSameTrace(left: PipelineTrace, right: PipelineTrace): boolean {
  const [ofLeft, ofRight] = [setsOf(left), setsOf(right)];
  return ofLeft.length === ofRight.length && ofLeft.every((set, position) => set === ofRight[position]);
}

function setsOf({ sources, transforms, catalog, sinks }: PipelineTrace): readonly unknown[] {
  return [
    ...Object.values(sources).flatMap((source) => [source.announced, source.inForce, ...source.transforms]),
    ...transforms,
    catalog,
    ...Object.values(sinks).flatMap((sink) => [...sink.transforms, sink.catalog]),
  ];
}
