import { createPipeline, type Pipeline, PipelineError, type PipelineOptions } from '@signalbox/core';
import type { HostSignal } from './host.ts';
import { Interrupted } from './interrupted.ts';
import { type Invocation, readDurationFlag } from './invocation.ts';
import { logEvents } from './output/log-events.ts';
import { logWarnings } from './output/log-warnings.ts';

export interface TimeoutOption {
  /** A duration as the command line gives it. */
  readonly timeout: string;
}

/**
 * Makes a pipeline for one pass of `work`, logs its events, and ends it after the time-out or on SIGINT and SIGTERM.
 *
 * @throws {Interrupted}
 * @throws {PipelineError} `SOURCE_TIMEOUT`, naming the sources that had not answered
 */
export async function runOnce<Result>(
  invocation: Invocation,
  pipelineOptions: PipelineOptions,
  { timeout }: TimeoutOption,
  work: (pipeline: Pipeline, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const timeoutMs = await readDurationFlag('--timeout', timeout);
  const logger = await invocation.createLogger();
  const pipeline = createPipeline({ ...pipelineOptions, logger: logger.child({ event: 'plugin-log' }) });
  // What a sink leaves out is part of its plan, which every command shows in its own way.
  const unsubscribes = [logEvents(pipeline, logger), logWarnings(pipeline, logger, ['source', 'transform'])];
  const { signal, stop } = watchInterrupts(invocation);
  const expiry = AbortSignal.timeout(Math.max(1, timeoutMs));
  try {
    return await work(pipeline, AbortSignal.any([signal, expiry]));
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (expiry.aborted) throw describeTimeout(pipeline, timeout, error);
    throw error;
  } finally {
    stop();
    for (const unsubscribe of unsubscribes) unsubscribe();
  }
}

/** A signal that is aborted with {@link Interrupted} by the first SIGINT or SIGTERM; a second one ends the process at once. */
export function watchInterrupts({ host }: Invocation): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const listen = (name: HostSignal & ('SIGINT' | 'SIGTERM')): (() => void) =>
    host.onSignal(name, () => {
      const interrupted = new Interrupted(name);
      if (controller.signal.aborted) host.exit(interrupted.exitCode);
      else controller.abort(interrupted);
    });
  const stops = [listen('SIGINT'), listen('SIGTERM')];
  return {
    signal: controller.signal,
    stop() {
      for (const stop of stops) stop();
    },
  };
}

function describeTimeout(pipeline: Pipeline, timeout: string, cause: unknown): PipelineError {
  const silent = Object.entries(pipeline.status.sources).filter(([, { lastSyncAt }]) => lastSyncAt === undefined);
  if (silent.length === 0) {
    return new PipelineError(`the sinks did not finish within ${timeout}`, {
      code: 'SINK_UNREACHABLE',
      cause,
      hint: 'give more time with --timeout',
    });
  }
  return new PipelineError(`no answer within ${timeout} from ${silent.map(([id]) => id).join(', ')}`, {
    code: 'SOURCE_TIMEOUT',
    cause: silent.find(([, { error }]) => error !== undefined)?.[1].error ?? cause,
    hint: 'try "signalbox check --probe", or give more time with --timeout',
  });
}
