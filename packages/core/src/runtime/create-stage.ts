import type { Logger } from '../plugin/logger.ts';
import { silentLogger } from '../plugin/logger.ts';
import type { Emit } from './event-hub.ts';
import type { PipelineOptions, SourceEntry } from './options.ts';
import { TransformStage } from './transform-stage.ts';

/** What the lanes of a pipeline share. */
export interface LaneSurroundings {
  readonly options: PipelineOptions;
  readonly emit: Emit;
}

export function createStage(
  place: string,
  transforms: SourceEntry['transforms'],
  { options, emit, onChange }: LaneSurroundings & { readonly onChange: () => void },
): TransformStage {
  return new TransformStage({ place, transforms: transforms ?? [], logger: loggerOf(options), emit, onChange });
}

export function loggerOf({ logger = silentLogger }: PipelineOptions): Logger {
  return logger;
}

/** Of plugins that are asked to end. */
export const defaultGracePeriodMs = 10_000;
