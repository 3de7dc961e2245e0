import type { PipelineStatus, Service, TracedSet, TransformExplanation } from '@signalbox/core';
import { diffService } from './diff-service.ts';
import type { StepView } from './explanation.ts';

export interface StepsInput {
  readonly serviceId: string;
  /** What goes into the first step; `undefined` when the service does not. */
  readonly service: Service | undefined;
  readonly sets: readonly TracedSet[];
  /** The place of the list in the file and in the pipeline, e.g. `sinks.edge.transforms`. */
  readonly place: string;
  readonly typeOf: (point: string) => string;
  readonly notes: readonly TransformExplanation[];
  readonly transforms: PipelineStatus['transforms'];
}

/** What each transform of a list did to one service. */
export function followSteps(input: StepsInput): {
  readonly steps: readonly StepView[];
  readonly service: Service | undefined;
} {
  const { serviceId, sets, place, typeOf, notes, transforms } = input;
  let { service } = input;
  const steps = sets.map((set, index): StepView => {
    const point = `${place}[${index}]`;
    const before = service;
    service = set?.find((each) => each.id === serviceId);
    const error = transforms[point]?.error;
    return {
      point,
      type: typeOf(point),
      ...compareSteps(before, service),
      notes: notes.find(({ transform }) => transform === point)?.lines ?? [],
      ...(error && { error: { code: error.code, message: error.message } }),
    };
  });
  return { steps, service };
}

export function compareSteps(
  before: Service | undefined,
  after: Service | undefined,
): Pick<StepView, 'outcome' | 'changes'> {
  if (before === undefined) return { outcome: after === undefined ? 'absent' : 'added', changes: [] };
  if (after === undefined) return { outcome: 'removed', changes: [] };
  const changes = diffService(before, after);
  return { outcome: changes.length === 0 ? 'unchanged' : 'changed', changes };
}
