import assert from 'node:assert/strict';
import { isAbortError } from '@signalbox/core';
import type { Contract } from '../contract.ts';
import { expectNothingLeftOpen } from '../support/resources.ts';
import { settleWithin } from '../support/settle.ts';
import { type AnySourceHarness, withScene } from './scene.ts';
import { abortLimitMs } from './watcher.ts';

/** An aborted watch ends within a second, from wherever it stands, and leaves nothing behind. */
export const abortCases = {
  'ends when it is aborted before it starts': (harness) =>
    withScene(harness, { alpha: 1 }, async ({ watch, source }) => {
      await expectNothingLeftOpen('an abort before the start', async () => {
        const controller = new AbortController();
        controller.abort();
        const watcher = watch(source, controller);
        await watcher.aborts('it had not started');
      });
    }),

  'ends when it is aborted while it fetches': (harness) =>
    withScene(harness, { alpha: 1 }, async ({ upstream, watch }) => {
      await upstream.fail('hang');
      await expectNothingLeftOpen('an abort while it fetched', async () => {
        const watcher = watch();
        await turnEventLoop();
        await watcher.aborts('it fetched');
      });
    }),

  'ends when it is aborted while it waits for changes': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ watch }) => {
      await expectNothingLeftOpen('an abort while it waited', async () => {
        const watcher = watch();
        await watcher.reaches({ alpha: 2 });
        await watcher.aborts('it waited for changes');
      });
    }),

  'ends when it is aborted while its set is being read': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ source, createContext }) => {
      await expectNothingLeftOpen('an abort while the set was being read', async () => {
        const controller = new AbortController();
        const iterator = source.watch(createContext(controller.signal))[Symbol.asyncIterator]();
        const first = await iterator.next();
        assert.equal(first.done, false, 'the watch ended without a set');
        controller.abort();
        const outcome = await settleWithin(drain(iterator), abortLimitMs);
        assert(outcome.state !== 'pending', 'the watch goes on after it was aborted while its set was being read');
        const clean = outcome.state === 'fulfilled' || isAbortError(outcome.reason, controller.signal);
        assert(clean, 'the watch threw something else than the abort');
      });
    }),

  'leaves nothing open when its iterator is closed': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ source, createContext }) => {
      await expectNothingLeftOpen('its iterator was closed', async () => {
        for await (const _ of source.watch(createContext())) break;
      });
    }),

  'leaves nothing open when it throws': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ upstream, watch }) => {
      await expectNothingLeftOpen('it threw', async () => {
        const watcher = watch();
        await watcher.reaches({ alpha: 2 });
        await upstream.fail('garbage');
        await watcher.throws();
      });
    }),

  'leaves nothing open when it has probed': (harness) =>
    withScene(harness, { alpha: 2 }, async ({ source, createContext }) => {
      await expectNothingLeftOpen('the probe', async () => {
        await source.probe?.(createContext());
      });
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
