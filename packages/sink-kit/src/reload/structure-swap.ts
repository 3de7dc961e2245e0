import { type Deferral, isAbortError, isPipelineError, messageOf, SinkError } from '@signalbox/core';
import type { LastGood } from '../files/last-good.ts';
import type { ReloadGate } from './reload-gate.ts';

export interface StructureSwapOptions {
  /** E.g. `HAProxy`. */
  readonly proxy: string;
  /** Where the proxy says more, e.g. `the log of HAProxy`. */
  readonly log: string;
  readonly gate: ReloadGate;
  readonly lastGood: LastGood;
}

/** A structure is what needs a reload. */
export interface Structure {
  readonly hash: string;
  /** Tries again what was not taken before. */
  readonly again: boolean;
}

export interface Swap<Before, Result> extends Structure {
  /** True when there is no process yet and we start it. */
  readonly start: boolean;
  /** Gets ready without touching what serves, and tells what serves now; undefined when nothing does. */
  prepare(signal: AbortSignal): Promise<Before | undefined>;
  /** The files that {@link Swap.replace} writes. */
  readonly paths: readonly string[];
  /** Puts the files in place, makes the proxy read them, and confirms that it serves them. */
  replace(before: Before | undefined, signal: AbortSignal): Promise<Result>;
  /** The old files are back: makes the proxy read them, unless it runs them. */
  ensureOld(before: Before, signal: AbortSignal): Promise<void>;
}

/** Brings structures into force: check -> swap -> reload -> confirm, and back when the proxy does not take one. */
export interface StructureSwap {
  /** Why a reload has to wait: it keeps its distance from the last one. Undefined when it may run, or is known to fail. */
  defer(structure: Structure, reason: string): Deferral | undefined;
  /**
   * When the proxy does not take the files, they are as they were before, byte for byte.
   *
   * @throws {SinkError} SINK_ROLLED_BACK when the old configuration is in force again, SINK_RELOAD_FAILED when there was none.
   */
  run<Before, Result>(swap: Swap<Before, Result>, signal: AbortSignal): Promise<Result>;
}

/** The way back has a time of its own, since the caller's may be up. */
const wayBackTimeoutMs = 30_000;

export function createStructureSwap({ proxy, log, gate, lastGood }: StructureSwapOptions): StructureSwap {
  /** A structure that the proxy did not take, with the reason. */
  let poisoned: { readonly hash: string; readonly error: SinkError } | undefined;

  const runNow = async <Before, Result>(swap: Swap<Before, Result>, signal: AbortSignal): Promise<Result> => {
    const before = await swap.prepare(signal);
    const backup = await lastGood.save(swap.paths);
    try {
      const result = await swap.replace(before, signal);
      poisoned = undefined;
      return result;
    } catch (error) {
      await lastGood.restore(backup);
      if (isAbortError(error, signal)) throw error;
      if (before !== undefined) await ensureOld(swap, before);
      const failure = describeFailure(error, before !== undefined);
      poisoned = { hash: swap.hash, error: failure };
      throw failure;
    }
  };

  const ensureOld = async <Before, Result>(swap: Swap<Before, Result>, before: Before): Promise<void> => {
    try {
      await swap.ensureOld(before, AbortSignal.timeout(wayBackTimeoutMs));
    } catch (error) {
      throw new SinkError(`${proxy} did not take the new configuration, and not the old one either`, {
        code: 'SINK_RELOAD_FAILED',
        cause: error,
        hint: `look at ${log}; the old files are in place`,
      });
    }
  };

  const describeFailure = (error: unknown, isOldInForce: boolean): SinkError => {
    const output = error instanceof SinkError ? error.output : undefined;
    const options = {
      cause: error,
      ...(output === undefined ? {} : { output }),
      hint: `look at ${log}; it is tried again`,
    };
    if (isOldInForce) {
      const message = `${proxy} did not take the new configuration, the old one is in force: ${messageOf(error)}`;
      return new SinkError(message, { ...options, code: 'SINK_ROLLED_BACK' });
    }
    if (isPipelineError(error) && error.code !== 'PLUGIN_FAILED') {
      return new SinkError(messageOf(error), { ...options, code: error.code, hint: error.hint ?? options.hint });
    }
    const message = `starting ${proxy} with the new configuration: ${messageOf(error)}`;
    return new SinkError(message, { ...options, code: 'SINK_RELOAD_FAILED' });
  };

  return {
    defer({ hash, again }, reason) {
      const { waitMs } = gate;
      if (waitMs <= 0 || (poisoned?.hash === hash && !again)) return undefined;
      return { afterMs: waitMs, reason: `the least time between two reloads: ${reason}` };
    },
    async run<Before, Result>(swap: Swap<Before, Result>, signal: AbortSignal) {
      // Endpoints come and go many times a second; a structure that was not taken is not tried again with each of them.
      if (poisoned?.hash === swap.hash && !swap.again) throw poisoned.error;
      // Nobody is disturbed by a start, and everybody waits for it.
      if (swap.start) return runNow(swap, signal);
      let outcome: { readonly result: Result } | undefined;
      await gate.run(async (gateSignal) => {
        outcome = { result: await runNow(swap, gateSignal) };
      }, signal);
      if (outcome === undefined) {
        throw new SinkError('another reload ran in place of this one', { code: 'SINK_TARGET_CHANGED' });
      }
      return outcome.result;
    },
  };
}
