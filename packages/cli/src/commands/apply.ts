import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { formatPlans, toPlanData } from '../output/plan-text.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export async function execute(invocation: Invocation, options: TimeoutOption): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const plans = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) => pipeline.once(signal));
  if (invocation.json) invocation.print(JSON.stringify(toPlanData(plans), undefined, 2));
  else {
    invocation.print(formatPlans(plans, invocation));
    if (plans.some(({ plan }) => plan.changes.length > 0)) invocation.say('\nApplied.');
  }
  return exitCodes.ok;
}
