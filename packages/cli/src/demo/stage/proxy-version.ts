import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SinkError } from '@signalbox/core';

const run = promisify(execFile);

/**
 * Name and version of the HAProxy that this program is, for example `HAProxy 2.6.12`.
 * @throws {SinkError} SINK_UNREACHABLE when it cannot be started.
 */
export async function readProxyVersion(program: string, signal: AbortSignal): Promise<string> {
  try {
    const { stdout } = await run(program, ['-v'], { timeout: 10_000, signal });
    return `HAProxy ${/version (\d+(?:\.\d+)+)/.exec(stdout)?.[1] ?? 'of an unknown version'}`;
  } catch (cause) {
    signal.throwIfAborted();
    throw new SinkError(`starting ${JSON.stringify(program)}`, {
      code: 'SINK_UNREACHABLE',
      cause,
      hint: 'the demo needs HAProxy 2.6 or later: "apt install haproxy", "dnf install haproxy" or "brew install haproxy"; another place is given with --haproxy',
    });
  }
}
