import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Enough to tell, later and from another process, whether a process still lives. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and start: a pid comes back, the pair does not. Empty where the system does not tell. */
  readonly startTime: string;
  /** Changes with every boot. Empty where the system does not tell. */
  readonly bootId: string;
  /** Pids of another namespace (container) mean nothing here. Empty where the system does not tell. */
  readonly pidNamespace: string;
  readonly hostName: string;
}

export function identifyThisProcess(): ProcessIdentity {
  return {
    pid: process.pid,
    startTime: readStatus(process.pid)?.startTime ?? '',
    bootId: attempt(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    pidNamespace: attempt(() => readlinkSync('/proc/self/ns/pid')) ?? '',
    hostName: hostname(),
  };
}

/** `unknown`: it ran on another machine or in another container, where its pid cannot be looked up. */
export function findFate(other: ProcessIdentity, own: ProcessIdentity): 'alive' | 'dead' | 'unknown' {
  if (other.bootId !== own.bootId) return other.hostName === own.hostName ? 'dead' : 'unknown';
  if (other.pidNamespace !== own.pidNamespace) return 'unknown';
  if (!isProcessAlive(other.pid)) return 'dead';
  const startTime = readStatus(other.pid)?.startTime;
  return startTime !== undefined && other.startTime !== '' && startTime !== other.startTime ? 'dead' : 'alive';
}

/** False for a zombie, too, which still takes signals but does nothing any more. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return readStatus(pid)?.state !== 'Z';
}

/** Fields 3 and 22 of `/proc/<pid>/stat` (proc_pid_stat(5)); the name before them may hold spaces and parentheses. */
function readStatus(pid: number): { state: string; startTime: string } | undefined {
  const text = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : { state: fields[0] ?? '', startTime: fields[19] ?? '' };
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
