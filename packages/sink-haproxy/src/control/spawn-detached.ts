import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { SinkError } from '@signalbox/core';

/**
 * Starts a program in a session of its own that outlives this process, with its output appended to a log. Gives its pid.
 *
 * @throws {SinkError} SINK_RELOAD_FAILED when the program cannot be started.
 */
export async function spawnDetached(
  program: string,
  programArguments: readonly string[],
  logPath: string,
): Promise<number> {
  const log = await open(logPath, 'a', 0o600);
  try {
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(program, programArguments, { detached: true, stdio: ['ignore', log.fd, log.fd] });
      child.once('error', (error) =>
        reject(
          new SinkError(`starting "${program}"`, {
            code: 'SINK_RELOAD_FAILED',
            cause: error,
            hint: 'check that HAProxy is installed, or name the program with its full path',
          }),
        ),
      );
      child.once('spawn', () => {
        child.unref();
        if (child.pid !== undefined) resolve(child.pid);
      });
    });
  } finally {
    await log.close();
  }
}
