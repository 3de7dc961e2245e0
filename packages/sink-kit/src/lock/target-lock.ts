import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SinkError } from '@signalbox/core';
import { acquireOwnerLock, type OwnerLock } from './owner-lock.ts';

/** One Signalbox on one target. */
export interface TargetLock {
  /** @throws {SinkError} SINK_REFUSED (retryable) while another process has the target. */
  ensure(): Promise<void>;
  /** Whether the target is ours: false before {@link ensure}, and once somebody removed or replaced the lock. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * The lock tells processes apart; two sinks of one process (an old pipeline that ends while the new one begins) share it, and the last one
 * gives it back.
 */
const shared = new Map<string, { readonly lock: Promise<OwnerLock>; users: number }>();

export function createTargetLock(directory: string): TargetLock {
  const path = join(directory, 'lock');
  let using = false;
  let ensuring: Promise<void> | undefined;

  const release = async (): Promise<void> => {
    const entry = shared.get(path);
    if (!using || entry === undefined) return;
    using = false;
    entry.users -= 1;
    if (entry.users > 0) return;
    shared.delete(path);
    await (await entry.lock)[Symbol.asyncDispose]();
  };

  const isHeld = async (): Promise<boolean> => {
    const entry = shared.get(path);
    return using && entry !== undefined && (await (await entry.lock).isHeld());
  };

  const ensure = async (): Promise<void> => {
    if (await isHeld()) return;
    await release();
    await makeDirectory(directory);
    const held = shared.get(path) ?? {
      lock: acquireOwnerLock({ path, ownerId: `signalbox, process ${process.pid}` }),
      users: 0,
    };
    shared.set(path, held);
    try {
      await held.lock;
    } catch (error) {
      if (shared.get(path) === held) shared.delete(path);
      throw error;
    }
    held.users += 1;
    using = true;
  };

  return {
    /** An apply and the watch may ask at the same time, and are one user. */
    ensure() {
      ensuring ??= ensure().finally(() => {
        ensuring = undefined;
      });
      return ensuring;
    },
    isHeld,
    release,
  };
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SinkError(`creating the run directory ${JSON.stringify(directory)}`, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'set `runDirectory` to a folder that Signalbox may write',
    });
  }
}
