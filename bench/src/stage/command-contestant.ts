import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { waitFor } from '@signalbox/testkit';
import type { Contestant } from '../measurement.ts';

/** As much of what it wrote as helps to see what went wrong. */
const keptCharacters = 2_000;
/** HAProxy may need a while for its last connections. */
const endTimeoutMs = 20_000;

/**
 * Any other program, started by a shell in a folder of its own with `MARATHON_URLS` (with commas), `BIND_ADDRESS`, `DIRECTORY` and, where apps
 * come later, `PORT_RANGE` (of theirs). It has to keep a proxy in step that listens on the service ports of the apps at that address, and to end both on SIGTERM.
 */
export function commandContestant(command: string): Contestant {
  return {
    name: command,
    async start({ marathonUrls, address, portRange, directory }) {
      const child = spawn('/bin/sh', ['-c', command], {
        cwd: directory,
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          MARATHON_URLS: marathonUrls.join(','),
          BIND_ADDRESS: address,
          DIRECTORY: directory,
          ...(portRange === undefined ? {} : { PORT_RANGE: `${portRange.from}-${portRange.to}` }),
        },
      });
      let output = '';
      const keep = (text: string): void => {
        output = `${output}${text}`.slice(-keptCharacters);
      };
      child.stdout.setEncoding('utf8').on('data', keep);
      child.stderr.setEncoding('utf8').on('data', keep);
      const [started] = await Promise.all([child.pid, once(child, 'spawn')]);
      // The shell and what it started are a process group of their own, and the shell may be the first of them to end.
      const signalGroup = (name: NodeJS.Signals | 0): boolean => {
        try {
          return started !== undefined && process.kill(-started, name);
        } catch {
          return false;
        }
      };
      return {
        reloads: undefined,
        runtimeSocket: undefined,
        describe: () => `it wrote: ${output}`,
        async [Symbol.asyncDispose]() {
          signalGroup('SIGTERM');
          await waitFor(() => !signalGroup(0), { timeoutMs: endTimeoutMs, intervalMs: 50 }).catch(() => {});
          signalGroup('SIGKILL');
        },
      };
    },
  };
}
