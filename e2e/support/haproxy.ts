import { once } from 'node:events';
import { createConnection } from 'node:net';
import { waitFor } from '@signalbox/testkit';

/** Pids of the workers that take traffic now, asked on the master socket of a HAProxy that was started in this folder. */
export async function workerPids(directory: string): Promise<readonly number[]> {
  return (await readProcesses(directory)).workers;
}

/** Ends the HAProxy that was started in this folder, if there is one, by its pid. */
export async function stopHaproxy(directory: string): Promise<void> {
  const processes = await readProcesses(directory).catch(() => undefined);
  if (processes === undefined) return;
  process.kill(processes.master, 'SIGTERM');
  const isGone = (): Promise<boolean> =>
    readProcesses(directory).then(
      () => false,
      () => true,
    );
  await waitFor(isGone, { timeoutMs: 10_000, description: `HAProxy ${processes.master} to end` });
}

/** HAProxy's management guide, section "show proc": pid, type, reloads, uptime, version; current workers come before old ones. */
async function readProcesses(directory: string): Promise<{ master: number; workers: readonly number[] }> {
  const socket = createConnection(`${directory}/signalbox/master.sock`);
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.end('show proc\n');
  await once(socket, 'close');
  const current = text.split('# old workers')[0] ?? '';
  const pids = (type: string): number[] =>
    [...current.matchAll(new RegExp(`^(\\d+)\\s+${type}\\b`, 'gm'))].map(([, pid]) => Number(pid));
  const [master] = pids('master');
  if (master === undefined) throw new Error(`HAProxy does not say what its processes are: ${text}`);
  return { master, workers: pids('worker') };
}
