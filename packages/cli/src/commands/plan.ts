import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import type { TimeoutOption } from '../run-once.ts';
import { showPlans, takePlanned } from './show-plans.ts';

export async function execute(invocation: Invocation, options: TimeoutOption): Promise<ExitCode> {
  const hasChanges = await showPlans(invocation, options, (pipeline, signal) => pipeline.plan(signal), takePlanned);
  if (hasChanges && !invocation.json) invocation.say('\nNothing was changed. To carry this out: signalbox apply');
  return hasChanges ? exitCodes.changes : exitCodes.ok;
}
