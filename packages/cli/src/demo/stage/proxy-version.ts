import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SinkError } from '@signalbox/core';

const run = promisify(execFile);

/**
 * Name and version of the HAProxy that this program is, for example `HAProxy 2.6.12`.
 * @throws {SinkError} SINK_UNREACHABLE when it cannot be started, SINK_REFUSED when it is older than 2.6.
 */
export async function readProxyVersion(program: string, signal: AbortSignal): Promise<string> {
  const { stdout } = await run(program, ['-v'], { timeout: 10_000, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new SinkError(`starting ${JSON.stringify(program)}`, { code: 'SINK_UNREACHABLE', cause, hint });
  });
  const version = /version (\d+(?:\.\d+)+)/.exec(stdout)?.[1];
  const [major = 0, minor = 0] = version?.split('.').map(Number) ?? [];
  if (major > 2 || (major === 2 && minor >= 6)) return `HAProxy ${version}`;
  throw new SinkError(`${JSON.stringify(program)} is HAProxy ${version ?? 'of an unknown version'}`, {
    code: 'SINK_REFUSED',
    hint,
  });
}

const hint =
  'the demo needs HAProxy 2.6 or later: "apt install haproxy", "dnf install haproxy" or "brew install haproxy"; another place is given with --haproxy';
