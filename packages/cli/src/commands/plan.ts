import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { formatPlans, toPlanData } from '../output/plan-text.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export async function execute(invocation: Invocation, options: TimeoutOption): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const plans = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) => pipeline.plan(signal));
  const hasChanges = plans.some(({ plan }) => plan.changes.length > 0);
  if (invocation.json) invocation.print(JSON.stringify(toPlanData(plans), undefined, 2));
  else {
    invocation.print(formatPlans(plans, invocation));
    if (hasChanges) invocation.say('\nNothing was changed. To carry this out: signalbox apply');
  }
  return hasChanges ? exitCodes.changes : exitCodes.ok;
}
