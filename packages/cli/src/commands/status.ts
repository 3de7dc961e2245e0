import type { SinkReading } from '@signalbox/core';
import { type ExitCode, exitCodeOf, exitCodes, UsageError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { reportError } from '../output/report-error.ts';
import { formatReading, toStatusData } from '../output/status-text.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';

export interface StatusOptions extends TimeoutOption {
  readonly sink?: string;
}

/** Only reads, so a Signalbox that runs on the same targets is not disturbed, and none is needed. */
export async function execute(invocation: Invocation, { sink, ...options }: StatusOptions): Promise<ExitCode> {
  const { pipelineOptions } = await invocation.loadConfig();
  const known = Object.keys(pipelineOptions.sinks);
  if (sink !== undefined && !known.includes(sink)) {
    throw new UsageError(`there is no sink "${sink}"`, `known sinks: ${known.join(', ')}`);
  }
  const readings = await runOnce(invocation, pipelineOptions, options, (pipeline, signal) =>
    pipeline.statistics(signal, sink === undefined ? {} : { sink }),
  );
  if (invocation.json) invocation.print(JSON.stringify(toStatusData(readings), undefined, 2));
  else print(readings, invocation);
  const errors = readings.flatMap(({ error }) => error ?? []);
  for (const error of errors) await reportError(error, invocation);
  return errors.length === 0 ? exitCodes.ok : exitCodeOf(errors[0]);
}

function print(readings: readonly SinkReading[], invocation: Invocation): void {
  const texts = readings.flatMap((reading) => formatReading(reading, invocation, Date.now()) ?? []);
  if (texts.length > 0) invocation.print(texts.join('\n\n'));
}
