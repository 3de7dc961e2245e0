import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@signalbox/testkit';

const binary = fileURLToPath(new URL('../../packages/cli/dist/signalbox.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running command of the built CLI. Disposing ends it, by its pid, and waits for that. */
export interface CliProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it wrote so far, of both kinds. */
  readonly output: string;
  waitForOutput(text: string | RegExp, timeoutMs?: number): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliResult>;
}

export async function startCli(args: readonly string[], directory: string): Promise<CliProcess> {
  await access(binary).catch(() => {
    throw new Error('the CLI is not built: run "npm run build" first');
  });
  const child = spawn(process.execPath, [binary, ...args], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  return {
    pid: child.pid!,
    get output() {
      return stdout + stderr;
    },
    async waitForOutput(text, timeoutMs = 20_000) {
      const isThere = (): boolean =>
        typeof text === 'string' ? (stdout + stderr).includes(text) : text.test(stdout + stderr);
      const description = (): string => `"${text}" in the output:\n${stdout}${stderr}`;
      await waitFor(() => isThere(), { timeoutMs, intervalMs: 20, description });
    },
    kill: (signal) => void child.kill(signal),
    ended,
    async [Symbol.asyncDispose]() {
      if (!hasEnded(child)) child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Runs one command to its end. */
export async function runCli(args: readonly string[], directory: string): Promise<CliResult> {
  const cli = await startCli(args, directory);
  return cli.ended;
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}
