import type { ErrorCode } from '@signalbox/core';

export interface CommandOptions {
  readonly signal: AbortSignal;
  /** The command and all that it started are killed after this. Default 30000. */
  readonly timeoutMs?: number;
  /** The code of the {@link SinkError} when the command cannot start, fails or runs out of time. */
  readonly code: ErrorCode;
  /** What this is for, as a present participle, e.g. `checking the candidate`. Opens the message of the error. */
  readonly purpose: string;
  readonly hint?: string;
  readonly workingDirectory?: string;
  /** Added to a minimal environment (PATH, LANG=C). */
  readonly environment?: Readonly<Record<string, string>>;
  /** How many of the last lines of output are kept. Default 200. */
  readonly maxLines?: number;
}

export interface CommandResult {
  /** Last lines of stdout and stderr as they came. */
  readonly output: string;
  readonly durationMs: number;
}

/**
 * Runs a program without a shell: no argument is ever interpreted.
 *
 * @throws {SinkError} with the code given and the last lines of output.
 */
export declare function runCommand(argv: readonly string[], options: CommandOptions): Promise<CommandResult>;
