import { compileSelector, createPipeline, type PipelineOptions, parseSelector, type Service } from '@signalbox/core';
import { type ExitCode, exitCodes, UsageError } from '../exit-codes.ts';
import { Interrupted } from '../interrupted.ts';
import { type Invocation, readDurationFlag } from '../invocation.ts';
import { logEvents } from '../output/log-events.ts';
import { logWarnings } from '../output/log-warnings.ts';
import { watchInterrupts } from '../run-once.ts';
import { EventQueue, followEvents } from '../tap/follow-events.ts';
import { followPlans } from '../tap/follow-plans.ts';
import { followServices } from '../tap/follow-services.ts';
import { LineWriter } from '../tap/line-writer.ts';
import { choosePoint, type TapPoint } from '../tap/points.ts';

export interface TapOptions {
  readonly point: string;
  readonly full?: boolean;
  readonly select?: string;
  readonly limit?: string;
  readonly for?: string;
}

/** The time that was asked for is over. Not an error. */
const timeIsOver = Symbol('time is over');

export async function execute(invocation: Invocation, options: TapOptions): Promise<ExitCode> {
  const { host } = invocation;
  const limit = readLimit(options.limit);
  const durationMs = options.for === undefined ? undefined : await readDurationFlag('--for', options.for);
  const isSelected = readSelector(options.select);
  const { pipelineOptions } = await invocation.loadConfig();
  const point = choosePoint(options.point, pipelineOptions);
  if (options.full === true && point.kind !== 'services') {
    throw new UsageError(`--full is for points that services pass, and "${options.point}" has ${point.kind}`);
  }
  const writer = new LineWriter(host.stdout, options.point, limit);
  const interrupts = watchInterrupts(invocation);
  const end = new AbortController();
  const timer = durationMs === undefined ? undefined : setTimeout(() => end.abort(timeIsOver), durationMs);
  try {
    const signal = AbortSignal.any([interrupts.signal, end.signal]);
    await follow(invocation, pipelineOptions, { point, writer, isSelected, isFull: options.full === true, signal });
  } catch (error) {
    if (error !== timeIsOver) throw error;
  } finally {
    clearTimeout(timer);
    // A reader that has stopped reading would hold up the end of the process for as long as it likes.
    const { reason } = interrupts.signal;
    if (reason instanceof Interrupted && writer.isBlocked) host.exit(reason.exitCode);
    interrupts.stop();
  }
  return exitCodes.ok;
}

interface Following {
  readonly point: TapPoint;
  readonly writer: LineWriter;
  readonly isSelected: (service: Service) => boolean;
  readonly isFull: boolean;
  readonly signal: AbortSignal;
}

async function follow(
  invocation: Invocation,
  options: PipelineOptions,
  { point, writer, isSelected, isFull, signal }: Following,
): Promise<void> {
  const logger = await invocation.createLogger();
  const pipeline = createPipeline({ ...options, logger: logger.child({ event: 'plugin-log' }) });
  const unsubscribes = [logEvents(pipeline, logger), logWarnings(pipeline, logger, ['transform'])];
  const queue = point.kind === 'events' ? new EventQueue(pipeline) : undefined;
  try {
    await pipeline.inspect(signal, async (inspection) => {
      if (queue !== undefined) return followEvents(inspection, writer, queue);
      if (point.kind === 'plans') return followPlans(inspection, writer, point.sink, isSelected);
      if (point.kind === 'services')
        return followServices(inspection, writer, { read: point.read, isSelected, isFull });
    });
  } finally {
    queue?.unsubscribe();
    for (const unsubscribe of unsubscribes) unsubscribe();
  }
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new UsageError(`--limit expects a number from 1 on, not "${text}"`);
  return limit;
}

function readSelector(text: string | undefined): (service: Service) => boolean {
  if (text === undefined) return () => true;
  try {
    return compileSelector(parseSelector(text));
  } catch (error) {
    throw new UsageError(`--select: ${error instanceof Error ? error.message : error}`);
  }
}
