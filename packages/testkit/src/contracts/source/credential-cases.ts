import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { isPipelineError } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { type AnySourceHarness, type Scene, withScene } from './scene.ts';
import type { SourceFault } from './source-harness.ts';

/** Whatever goes wrong, nobody reads a password. */
export const credentialCases = {
  'shows its credentials in no set and no log': (harness) =>
    withScene(harness, { alpha: 1 }, async (scene) => {
      const watcher = scene.watch();
      await watcher.reaches({ alpha: 1 });
      await scene.source.probe?.(scene.createContext());
      await expectNoCredentials(scene, {
        updates: watcher.updates,
        logs: [watcher.logger.records, scene.logger.records],
      });
    }),

  'shows its credentials in no error': async (harness) => {
    const faults: readonly SourceFault[] = ['unreachable', 'error', 'garbage', 'hang', 'unauthorized'];
    let seen = 0;
    for (const fault of faults) {
      await withScene(harness, { alpha: 1 }, async (scene) => {
        try {
          await scene.upstream.fail(fault);
        } catch {
          return;
        }
        const watcher = scene.watch();
        const error = await watcher.throws();
        seen += 1;
        await expectNoCredentials(scene, { error, logs: watcher.logger.records });
      });
    }
    assert(seen > 0, 'the upstream has none of the faults');
  },
} satisfies Contract<AnySourceHarness>;

async function expectNoCredentials({ upstream }: Scene, shown: object): Promise<void> {
  const { credentials = [] } = upstream;
  assert(credentials.length > 0, 'the harness lists no credentials; add them, or waive this test');
  const text = inspect(
    { ...shown, details: listDetails(shown) },
    { depth: Infinity, maxArrayLength: null, maxStringLength: null },
  );
  for (const credential of credentials) {
    assert(!text.includes(credential), `the credential that begins with "${credential.slice(0, 2)}" is shown`);
  }
}

/** What `inspect` leaves out of errors: the fields of ours that loggers print. */
function listDetails(shown: object): unknown[] {
  const error = 'error' in shown ? shown.error : undefined;
  return isPipelineError(error) ? [JSON.stringify(error), error.stack, error.hint] : [String(error)];
}
