import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { TimeoutOption } from '../run-once.ts';
import { showPlans, takeApplied } from './show-plans.ts';

export async function execute(invocation: Invocation, options: TimeoutOption): Promise<ExitCode> {
  const hasChanges = await showPlans(invocation, options, (pipeline, signal) => pipeline.once(signal), takeApplied);
  if (hasChanges && !invocation.json) invocation.say('\nApplied.');
  return exitCodes.ok;
}
