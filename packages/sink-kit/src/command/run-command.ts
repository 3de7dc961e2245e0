import { type ChildProcess, spawn } from 'node:child_process';
import { type ErrorCode, SinkError } from '@signalbox/core';
import { createBoundedOutput } from './bounded-output.ts';

export interface CommandOptions {
  readonly signal: AbortSignal;
  /** The command and all that it started are killed after this. Default 30000. */
  readonly timeoutMs?: number;
  /** The code of the {@link SinkError} when the command cannot start, fails or runs out of time. */
  readonly code: ErrorCode;
  /** What this is for, as a present participle, e.g. `checking the candidate`. Opens the message of the error. */
  readonly purpose: string;
  /** What to do when it fails. */
  readonly hint?: string;
  /** What to do when it cannot be started. Default: `hint`, or else to look whether it is there. */
  readonly hintWhenMissing?: string;
  readonly workingDirectory?: string;
  /** How many of the last lines of output are kept. Default 200. */
  readonly maxLines?: number;
}

export interface CommandResult {
  /** Last lines of stdout and stderr as they came. */
  readonly output: string;
  readonly durationMs: number;
}

/** For what is left in the pipes after the end of a program that left a daemon behind, which holds them open. */
const drainMs = 200;

/**
 * Runs a program without a shell: no argument is ever interpreted. Aborting kills it, with all that it started.
 *
 * @throws {SinkError} with the code given and the last lines of output.
 */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const { signal, timeoutMs = 30_000, code, purpose, hint, workingDirectory, maxLines = 200 } = options;
  signal.throwIfAborted();
  const [program, ...commandArguments] = argv;
  const startedAt = performance.now();
  const output = createBoundedOutput(maxLines);
  const fail = (what: string, advice = hint, cause?: unknown): SinkError =>
    new SinkError(`${purpose}: ${what}`, {
      code,
      cause,
      output: output.toString(),
      ...(advice !== undefined && { hint: advice }),
    });
  if (program === undefined || program === '') throw fail('the command is empty');

  const child = spawn(program, commandArguments, {
    // A process group of its own, so that a time-out ends what the command started, too.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(workingDirectory !== undefined && { cwd: workingDirectory }),
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => output.append(text));
  }
  let timedOut = false;
  const onAbort = (): void => killGroup(child);
  signal.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child);
  }, timeoutMs);
  try {
    const ending = await waitForEnd(child).catch((error: unknown) => {
      const look = `look whether "${program}" is installed, on the PATH, and may be run by this user`;
      throw fail(`"${program}" cannot be started`, options.hintWhenMissing ?? hint ?? look, error);
    });
    signal.throwIfAborted();
    if (timedOut) throw fail(`"${program}" did not end within ${timeoutMs} ms and was killed`);
    if (ending.exitCode !== 0) {
      const how = ending.exitCode === null ? `signal ${ending.killedBy}` : `exit code ${ending.exitCode}`;
      throw fail(`"${program}" ended with ${how}${lastLine(output.toString())}`);
    }
    return { output: output.toString(), durationMs: performance.now() - startedAt };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

interface Ending {
  readonly exitCode: number | null;
  readonly killedBy: NodeJS.Signals | null;
}

function waitForEnd(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (exitCode, killedBy) => {
      const finish = (): void => {
        clearTimeout(timer);
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve({ exitCode, killedBy });
      };
      const timer = setTimeout(finish, drainMs);
      child.once('close', finish);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}

function lastLine(output: string): string {
  const line = output.split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}
