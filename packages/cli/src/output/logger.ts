import { isPipelineError, type Logger, messageOf } from '@signalbox/core';
import { pino, stdTimeFunctions } from 'pino';
import type { Output } from '../host.ts';
import type { Colors } from './colors.ts';
import type { LogFormat, LogLevel } from './log-choices.ts';
import { createPrettyStream } from './pretty-stream.ts';

export interface LoggerOptions {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly output: Output;
  readonly colors: Colors;
  /** Columns of the output now. */
  readonly width: () => number;
}

/** One line for each record, as JSON or for people. Stacks only at level debug. */
export function createLogger({ level, format, output, colors, width }: LoggerOptions): Logger {
  const withStack = level === 'debug';
  const serializeError = (error: unknown): unknown => describeError(error, withStack);
  return pino(
    {
      level,
      base: undefined as never,
      timestamp: stdTimeFunctions.isoTime,
      messageKey: 'message',
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: serializeError, err: serializeError },
    },
    format === 'json' ? { write: (line) => void output.write(line) } : createPrettyStream(output, colors, width),
  );
}

function describeError(error: unknown, withStack: boolean): unknown {
  if (!(error instanceof Error)) return error;
  return {
    message: messageOf(error),
    ...(isPipelineError(error) && { code: error.code, hint: error.hint, plugin: error.plugin }),
    ...(withStack && { stack: error.stack }),
  };
}
