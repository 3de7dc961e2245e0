import { type ErrorCode, isPipelineError } from '@signalbox/core';

/** What the process ends with. The numbers from 64 on are those of BSD's sysexits.h; signals are 128 and the signal's number. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  changes: 2,
  usage: 64,
  unreachable: 69,
  badConfiguration: 78,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For the end of `--help`, and for the documentation. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, 'it worked; for plan: nothing to change'],
  [exitCodes.failed, 'it failed'],
  [exitCodes.changes, 'plan only: there are changes'],
  [exitCodes.usage, 'the command line is wrong'],
  [exitCodes.unreachable, 'a source or a target cannot be reached, or refuses access'],
  [exitCodes.badConfiguration, 'the configuration file is wrong; every problem is listed'],
  [exitCodes.interrupted, 'ended by SIGINT'],
  [exitCodes.terminated, 'ended by SIGTERM'],
];

const byErrorCode: Partial<Record<ErrorCode, ExitCode>> = {
  CONFIG_INVALID: exitCodes.badConfiguration,
  CONFIG_UNREADABLE: exitCodes.badConfiguration,
  PLUGIN_NOT_FOUND: exitCodes.badConfiguration,
  PLUGIN_INVALID: exitCodes.badConfiguration,
  SOURCE_UNREACHABLE: exitCodes.unreachable,
  SOURCE_UNAUTHORIZED: exitCodes.unreachable,
  SOURCE_NOT_FOUND: exitCodes.unreachable,
  SOURCE_TIMEOUT: exitCodes.unreachable,
  SINK_UNREACHABLE: exitCodes.unreachable,
  SINK_REFUSED: exitCodes.unreachable,
};

export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof AggregateError && error.errors.length > 0) return exitCodeOf(error.errors[0]);
  if (error instanceof UsageError) return exitCodes.usage;
  if (!isPipelineError(error)) return exitCodes.failed;
  return byErrorCode[error.code] ?? exitCodes.failed;
}

/** The command line asks for something that does not exist or does not go together. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}
