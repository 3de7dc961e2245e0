import { readFile, rm } from 'node:fs/promises';
import { isProcessAlive } from '@signalbox/sink-kit';

/**
 * The pid of the master that the file names, if it lives and really is the master of this socket. Pids come back, so its
 * command line is looked at where the system shows it (proc_pid_cmdline(5)).
 */
export async function findMasterPid(pidPath: string, masterSocketPath: string): Promise<number | undefined> {
  const text = await readFile(pidPath, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1) || !isProcessAlive(pid)) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  if (commandLine === undefined) return undefined;
  const parts = commandLine.split('\0');
  return parts.some((part) => part === masterSocketPath || part.startsWith(`${masterSocketPath},`)) ? pid : undefined;
}

export async function forgetMasterPid(pidPath: string): Promise<void> {
  await rm(pidPath, { force: true });
}
