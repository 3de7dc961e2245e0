import assert from 'node:assert/strict';
import { type ErrorCode, isPipelineError, messageOf } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { settleWithin } from '../support/settle.ts';
import { type AnySourceHarness, defaultTimeoutMs, withScene } from './scene.ts';
import type { SourceFault } from './source-harness.ts';
import type { Watcher } from './watcher.ts';

/** The codes that fit a fault. An upstream of several addresses may find out that none is reachable by waiting for each. */
const fittingCodes: Readonly<Record<SourceFault, readonly ErrorCode[]>> = {
  unreachable: ['SOURCE_UNREACHABLE', 'SOURCE_TIMEOUT'],
  error: ['SOURCE_UNREACHABLE', 'SOURCE_BAD_RESPONSE'],
  garbage: ['SOURCE_BAD_RESPONSE'],
  hang: ['SOURCE_TIMEOUT', 'SOURCE_UNREACHABLE'],
  unauthorized: ['SOURCE_UNAUTHORIZED'],
};

/** What a source does when its upstream cannot tell. An error never looks like "no services". */
export const faultCases = {
  'throws when the upstream is unreachable at the start': throwsAtStart('unreachable'),
  'throws when the upstream answers with an error at the start': throwsAtStart('error'),
  'throws when the upstream answers with garbage at the start': throwsAtStart('garbage'),
  'throws when the upstream hangs at the start': throwsAtStart('hang'),
  'throws when the upstream refuses the credentials at the start': throwsAtStart('unauthorized'),
  'throws when the upstream becomes unreachable': throwsLater('unreachable'),
  'throws when the upstream begins to answer with errors': throwsLater('error'),
  'throws when the upstream begins to answer with garbage': throwsLater('garbage'),
  'throws when the upstream begins to hang': throwsLater('hang'),
  'throws when the upstream begins to refuse the credentials': throwsLater('unauthorized'),

  'resynchronises completely when watch is started again': (harness) =>
    withScene(harness, { alpha: 2, bravo: 1 }, async ({ upstream, watch }) => {
      const first = watch();
      await first.reaches({ alpha: 2, bravo: 1 });
      await upstream.fail('unreachable');
      await first.throws();
      await upstream.recover();
      await upstream.setServices({ alpha: 1, charlie: 2 });
      await watch().reaches({ alpha: 1, charlie: 2 });
    }),

  'probes an upstream that is well': (harness) =>
    withScene(harness, { alpha: 1 }, async ({ source, createContext }) => {
      await source.probe?.(createContext());
    }),

  'probes an upstream that is unreachable': (harness) =>
    withScene(harness, { alpha: 1 }, async ({ upstream, source, createContext }) => {
      if (source.probe === undefined) return;
      await upstream.fail('unreachable');
      const outcome = await settleWithin(source.probe(createContext()), harness.timeoutMs ?? defaultTimeoutMs);
      assert(outcome.state !== 'pending', 'probe goes on although the upstream is unreachable');
      assert(outcome.state === 'rejected', 'probe resolves although the upstream is unreachable');
      expectSourceError(outcome.reason, 'unreachable');
    }),
} satisfies Contract<AnySourceHarness>;

function throwsAtStart(fault: SourceFault) {
  return (harness: AnySourceHarness): Promise<void> =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }) => {
      await upstream.fail(fault);
      const watcher = watch();
      expectSourceError(await watcher.throws(), fault);
      assert.deepEqual(watcher.updates, [], 'a set was yielded although the upstream never answered');
      await upstream.recover();
      await watch().reaches({ alpha: 2 });
    });
}

function throwsLater(fault: SourceFault) {
  return (harness: AnySourceHarness): Promise<void> =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }) => {
      const watcher = watch();
      await watcher.reaches({ alpha: 2 });
      await upstream.fail(fault);
      expectSourceError(await watcher.throws(), fault);
      expectNoLoss(watcher, fault);
      await upstream.recover();
      await watch().reaches({ alpha: 2 });
    });
}

function expectNoLoss(watcher: Watcher, fault: SourceFault): void {
  for (const services of watcher.updates) {
    assert(services.length > 0, `the fault "${fault}" was taken for an empty upstream`);
  }
}

function expectSourceError(error: unknown, fault: SourceFault): void {
  const said = `the error for the fault "${fault}" ("${messageOf(error)}")`;
  assert(isPipelineError(error) && error.name === 'SourceError', `${said} is not a SourceError`);
  const codes = fittingCodes[fault];
  assert(codes.includes(error.code), `${said} has the code ${error.code}, not ${codes.join(' or ')}`);
  assert(!error.message.endsWith('.'), `${said} ends in a period`);
  assert.equal(error.retryable, fault !== 'unauthorized', `${said} says the wrong thing about trying again`);
}
