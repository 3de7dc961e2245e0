import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { delay, messageOf, type Pipeline, SinkError } from '@signalbox/core';
import { sendRequest } from '@signalbox/testkit/load';
import { describeFailure } from '../load/judge.ts';
import type { Target } from '../load/target.ts';
import { findDisagreement } from '../script/agreement.ts';
import type { Cluster } from './stage.ts';

export interface StartOptions {
  readonly cluster: Pick<Cluster, 'tasks'>;
  readonly pipeline: Pick<Pipeline, 'catalog' | 'status'>;
  readonly targets: readonly Target[];
  readonly signal: AbortSignal;
}

const timeoutMs = 60_000;
const lookIntervalMs = 50;

/**
 * Waits until the pipeline agrees with the cluster, and each target has answered once.
 * @throws {SinkError} SINK_APPLY_FAILED with what the pipeline says when that takes too long.
 */
export async function awaitStart({ cluster, pipeline, targets, signal }: StartOptions): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  const silent = [...targets];
  for (;;) {
    const reason = findDisagreement(cluster, pipeline) ?? (await findSilentTarget(silent, signal));
    if (reason === undefined) return;
    if (performance.now() > deadlineMs) throw describeDelay(reason, pipeline);
    await delay(lookIntervalMs, signal);
  }
}

/** Takes off the list what answers. */
async function findSilentTarget(silent: Target[], signal: AbortSignal): Promise<string | undefined> {
  const agent = new Agent();
  for (let target = silent[0]; target !== undefined; target = silent[0]) {
    const record = await sendRequest({ target, agent, timeoutMs: 2_000, signal });
    if (record.status !== 200 || record.task === undefined) return describeFailure(record);
    silent.shift();
  }
  return undefined;
}

function describeDelay(reason: string, { status }: Pick<Pipeline, 'status'>): SinkError {
  const parts = [...Object.entries(status.sources), ...Object.entries(status.sinks)];
  const error = parts.find(([, part]) => part.error !== undefined)?.[1].error;
  return new SinkError(
    `starting the demo: not ready after ${timeoutMs / 1_000} s: ${error === undefined ? reason : messageOf(error)}`,
    {
      code: 'SINK_APPLY_FAILED',
      cause: error,
      ...(error?.hint === undefined ? {} : { hint: error.hint }),
    },
  );
}
