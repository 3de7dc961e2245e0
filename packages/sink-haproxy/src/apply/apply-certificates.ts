import type { CertificatePlan } from '../certificates/certificate-keeper.ts';
import type { SinkState } from '../sink-state.ts';
import { type ApplyInput, applyPlan } from './apply-plan.ts';

/**
 * Certificates first, since a reload reads their copies and a new route may need a new one; but a certificate that HAProxy does not take holds
 * nothing else up.
 */
export async function applyWithCertificates(
  state: SinkState,
  certificates: CertificatePlan | undefined,
  input: ApplyInput,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let failure: unknown;
  if (certificates !== undefined) {
    await state.lock.ensure();
    // From the first command on it goes to the end; every step has a time-out of its own.
    const unstoppable = new AbortController().signal;
    try {
      await certificates.apply({ reload: input.reload, signal: unstoppable });
    } catch (error) {
      failure = error;
    }
  }
  await applyPlan(state, input, signal);
  if (failure !== undefined) throw failure;
}
