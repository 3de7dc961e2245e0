import assert from 'node:assert/strict';
import { isAbortError } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { countOpenResources, expectNothingLeftOpen } from '../support/resources.ts';
import { settleWithin } from '../support/settle.ts';
import { type AnySourceHarness, withScene } from './scene.ts';
import { abortLimitMs } from './watcher.ts';

/** An aborted watch ends within a second, from wherever it stands, and leaves nothing behind. */
export const abortCases = {
  'ends when it is aborted before it starts': (harness) =>
    withScene(harness, { alpha: 1 }, async ({ watch, source }) => {
      const before = countOpenResources();
      const controller = new AbortController();
      controller.abort();
      const watcher = watch(source, controller);
      await watcher.aborts('it had not started');
      await expectNothingLeftOpen(before, 'an abort before the start');
    }),

  'ends when it is aborted while it fetches': (harness) =>
    withScene(harness, { alpha: 1 }, async ({ upstream, watch }) => {
      await upstream.fail('hang');
      const before = countOpenResources();
      const watcher = watch();
      await turnEventLoop();
      await watcher.aborts('it fetched');
      await expectNothingLeftOpen(before, 'an abort while it fetched');
    }),

  'ends when it is aborted while it waits for changes': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ watch }) => {
      const before = countOpenResources();
      const watcher = watch();
      await watcher.reaches({ alpha: 2 });
      await watcher.aborts('it waited for changes');
      await expectNothingLeftOpen(before, 'an abort while it waited');
    }),

  'ends when it is aborted while its set is being read': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ source, createContext }) => {
      const before = countOpenResources();
      const controller = new AbortController();
      const iterator = source.watch(createContext(controller.signal))[Symbol.asyncIterator]();
      const first = await iterator.next();
      assert.equal(first.done, false, 'the watch ended without a set');
      controller.abort();
      const outcome = await settleWithin(drain(iterator), abortLimitMs);
      assert(outcome.state !== 'pending', 'the watch goes on after it was aborted while its set was being read');
      const clean = outcome.state === 'fulfilled' || isAbortError(outcome.reason, controller.signal);
      assert(clean, 'the watch threw something else than the abort');
      await expectNothingLeftOpen(before, 'an abort while the set was being read');
    }),

  'leaves nothing open when its iterator is closed': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ source, createContext }) => {
      const before = countOpenResources();
      for await (const _ of source.watch(createContext())) break;
      await expectNothingLeftOpen(before, 'its iterator was closed');
    }),

  'leaves nothing open when it throws': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }) => {
      const before = countOpenResources();
      const watcher = watch();
      await watcher.reaches({ alpha: 2 });
      await upstream.fail('garbage');
      await watcher.throws();
      await expectNothingLeftOpen(before, 'it threw');
    }),

  'leaves nothing open when it has probed': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ source, createContext }) => {
      const before = countOpenResources();
      await source.probe?.(createContext());
      await expectNothingLeftOpen(before, 'the probe');
    }),
} satisfies Contract<AnySourceHarness>;

/** A set or two may be on their way already; after them the watch has to end. */
async function drain(iterator: AsyncIterator<unknown>): Promise<void> {
  for (;;) {
    const { done } = await iterator.next();
    if (done === true) return;
  }
}

/** Lets a request go out: some turns of the loop are enough for one on the loopback address. */
async function turnEventLoop(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
