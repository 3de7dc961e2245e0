import { describe, test } from 'vitest';
import type { Contract, ContractCase, Waiver } from './contract.ts';

/** Above every bounded wait of a case, so that its own message is seen and not the runner's. */
const caseTimeoutMs = 60_000;

/** Registers each case as a test; a waived one is run too, and skipped only if it really fails. */
export function registerContract<Harness>(
  name: string,
  contract: Contract<Harness>,
  harness: Harness,
  waivers: readonly Waiver[],
): void {
  checkWaivers(name, contract, waivers);
  const reasons = new Map(waivers.map(({ test, reason }) => [test, reason]));
  describe(name, () => {
    for (const [title, run] of Object.entries(contract)) {
      const reason = reasons.get(title);
      test(title, { timeout: caseTimeoutMs }, async (context) => {
        if (reason === undefined) return run(harness);
        await expectWaived(title, run, harness);
        context.skip(reason);
      });
    }
  });
}

/** @throws when the case passes: the waiver is stale. */
export async function expectWaived<Harness>(
  title: string,
  run: ContractCase<Harness>,
  harness: Harness,
): Promise<void> {
  try {
    await run(harness);
  } catch {
    return;
  }
  throw new Error(`the test "${title}" is waived and passes: take the waiver out`);
}

/** @throws for a waiver without a reason, or of a test that does not exist. */
export function checkWaivers(
  name: string,
  contract: Readonly<Record<string, unknown>>,
  waivers: readonly Waiver[],
): void {
  for (const { test, reason } of waivers) {
    if (!Object.hasOwn(contract, test)) throw new Error(`${name}: there is no test "${test}" to waive`);
    if (reason.trim() === '') throw new Error(`${name}: the waiver of "${test}" needs a reason`);
  }
}
