import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Where the sink writes the pid of the HAProxy that it started. */
const pidFile = 'haproxy.pid';

/**
 * Ends HAProxy and removes the folder of the demo when the process exits before it could release anything: an output that nobody reads any more
 * (`signalbox demo | head`), or an error that nobody caught. HAProxy would outlive it otherwise. Returns what takes the guard away.
 */
export function guardExit(folder: string, runDirectory: string): () => void {
  const onExit = (): void => {
    try {
      process.kill(Number(readFileSync(join(runDirectory, pidFile), 'utf8')), 'SIGTERM');
    } catch {
      // It was never started, or has ended already.
    }
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  return () => process.off('exit', onExit);
}
