import type { Pipeline, PipelineEvent, SinkPlan } from '@signalbox/core';
import { Interrupted } from '../interrupted.ts';
import type { Invocation } from '../invocation.ts';
import { formatPlans, type PlanView, toPlanData } from '../output/plan-text.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

/**
 * Prints what every sink planned or applied, and resolves to whether there was anything to do. When sinks fail, that of the others is
 * printed all the same.
 *
 * @throws what `work` throws
 */
export async function showPlans(
  invocation: Invocation,
  options: TimeoutOption,
  work: (pipeline: Pipeline, signal: AbortSignal) => Promise<readonly SinkPlan[]>,
  take: (event: PipelineEvent, done: Map<string, PlanView>) => void,
): Promise<boolean> {
  const { pipelineOptions } = await invocation.loadConfig();
  const done = new Map<string, PlanView>();
  const print = (plans: readonly PlanView[]): void =>
    invocation.print(
      invocation.json ? JSON.stringify(toPlanData(plans), undefined, 2) : formatPlans(plans, invocation),
    );
  try {
    const plans = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) => {
      pipeline.subscribe((event) => take(event, done));
      return work(pipeline, signal);
    });
    print(plans);
    return plans.some(({ plan }) => plan.changes.length > 0);
  } catch (error) {
    const plans = Object.keys(pipelineOptions.sinks).flatMap((sink) => done.get(sink) ?? []);
    if (plans.length > 0 && !(error instanceof Interrupted)) print(plans);
    throw error;
  }
}

/** For `plan`: what each sink planned. */
export function takePlanned(event: PipelineEvent, done: Map<string, PlanView>): void {
  if (event.type === 'sink-plan') done.set(event.sink, { sink: event.sink, plan: event });
}

/** For `apply`: what was applied, which may be a part of what was planned; and who had nothing to do. */
export function takeApplied(event: PipelineEvent, done: Map<string, PlanView>): void {
  if (event.type === 'sink-plan' && (event.changes.length === 0 || done.has(event.sink))) {
    const changes = done.get(event.sink)?.plan.changes ?? [];
    done.set(event.sink, { sink: event.sink, plan: { changes, warnings: event.warnings } });
  }
  if (event.type === 'sink-apply') {
    const { changes = [], warnings = [] } = done.get(event.sink)?.plan ?? {};
    done.set(event.sink, { sink: event.sink, plan: { changes: [...changes, ...event.changes], warnings } });
  }
}
