import { createStage, defaultGracePeriodMs, type LaneSurroundings, loggerOf } from './create-stage.ts';
import type { SourceEntry } from './options.ts';
import { SourceRunner } from './source-runner.ts';
import type { TransformStage } from './transform-stage.ts';

/** How the sources are to be run. */
export interface SourceMode {
  readonly singlePass: boolean;
  readonly savesState: boolean;
  /** Whether the set of an earlier run may stand in for a source that does not answer. */
  readonly restores: boolean;
}

/** A source, and the transforms that its services pass first. */
export interface SourceLane {
  readonly runner: SourceRunner;
  readonly stage: TransformStage;
}

export interface SourceLaneOptions extends LaneSurroundings {
  readonly mode: SourceMode;
  /** Called when the set of the source changed, or an input of its transforms. */
  readonly onChange: () => void;
}

export function createSourceLane(id: string, entry: SourceEntry, lane: SourceLaneOptions): SourceLane {
  const { options, mode, emit, onChange } = lane;
  const { guards, lastKnownGood, firstSyncTimeoutMs = 5_000, gracePeriodMs = defaultGracePeriodMs } = options;
  const runner = new SourceRunner({
    id,
    entry,
    guards: { ...guards, ...entry.guards },
    store: lastKnownGood,
    ...mode,
    firstSyncTimeoutMs,
    gracePeriodMs,
    retry: options.retry ?? {},
    logger: loggerOf(options).child({ source: id }),
    emit,
    onChange,
  });
  return { runner, stage: createStage(`sources.${id}.transforms`, entry.transforms, lane) };
}
