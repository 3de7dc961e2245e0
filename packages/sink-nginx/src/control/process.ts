import { chmod, readFile } from 'node:fs/promises';
import { delay, SinkError } from '@signalbox/core';
import { isProcessAlive, readLogFrom, runCommand } from '@signalbox/sink-kit';
import { controlSocketPath, type Settings } from '../settings.ts';
import { removeStaleSockets } from './stale-sockets.ts';

/** The pid of the master that the pid file names, if it lives and is one. Pids come back, so its command line is looked at (proc_pid_cmdline(5)). */
export async function findMaster({ pidPath, manage, configPath }: Settings): Promise<number | undefined> {
  const pid = Number.parseInt(await readFile(pidPath, 'utf8').catch(() => ''), 10);
  if (!(pid > 1) || !isProcessAlive(pid)) return undefined;
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  // Not shown here: the pid file has to be believed.
  if (commandLine === undefined || commandLine === '') return pid;
  if (!commandLine.startsWith('nginx: master')) return undefined;
  return manage === undefined || commandLine.includes(configPath) ? pid : undefined;
}

/** Workers that still take connections. Undefined where the system does not tell. */
export async function findServingWorkers(master: number): Promise<ReadonlySet<number> | undefined> {
  return (await findWorkers(master))?.serving;
}

export interface Workers {
  /** Those that still take connections. */
  readonly serving: ReadonlySet<number>;
  /** Those that finish what they have, after a reload. */
  readonly ending: ReadonlySet<number>;
}

/** Undefined where the system does not tell. */
export async function findWorkers(master: number): Promise<Workers | undefined> {
  const text = await readFile(`/proc/${master}/task/${master}/children`, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [serving, ending] = [new Set<number>(), new Set<number>()];
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const commandLine = await readFile(`/proc/${word}/cmdline`, 'utf8').catch(() => '');
    // One that was just forked still has the title of its master.
    if (commandLine.startsWith('nginx: ')) (commandLine.includes('shutting down') ? ending : serving).add(Number(word));
  }
  return { serving, ending };
}

/**
 * Starts nginx, which leaves this process behind by itself. It ends with an error when it cannot, for example bind a port.
 *
 * @throws {SinkError} SINK_RELOAD_FAILED with its words.
 */
export async function startNginx(settings: Settings, signal: AbortSignal): Promise<void> {
  const socketPath = controlSocketPath(settings.runDirectory);
  await removeStaleSockets(settings);
  await runCommand([settings.program, '-c', settings.configPath], {
    signal,
    timeoutMs: 60_000,
    code: 'SINK_RELOAD_FAILED',
    purpose: 'starting nginx',
    hint: 'see the output: the configuration, or rights',
  }).catch((error: unknown) => {
    throw nameAddress(error);
  });
  // nginx makes sockets writable for everybody; its folder is closed as well.
  await chmod(socketPath, 0o600).catch(() => {});
}

/** nginx tries for some seconds, and its last line then names no address ("still could not bind()"). */
function nameAddress(error: unknown): unknown {
  const output = error instanceof SinkError ? (error.output ?? '') : '';
  const [, address, reason] = /bind\(\) to (\S+) failed \((?:\d+: )?([^)]+)\)/.exec(output) ?? [];
  if (address === undefined) return error;
  const port = /:(\d+)$/.exec(address)?.[1];
  return new SinkError(`starting nginx: it cannot listen on ${address}: ${reason}`, {
    code: 'SINK_RELOAD_FAILED',
    output,
    ...(port !== undefined && {
      hint: `find who has it with \`ss -ltnp 'sport = :${port}'\` and end it, or change \`listeners\``,
    }),
  });
}

/** @throws {SinkError} SINK_RELOAD_FAILED when there is no process, or the user's command fails. */
export async function requestReload(settings: Settings, signal: AbortSignal): Promise<void> {
  if (settings.reloadCommand !== undefined) {
    await runCommand(settings.reloadCommand, { signal, code: 'SINK_RELOAD_FAILED', purpose: 'reloading nginx' });
    return;
  }
  const master = await findMaster(settings);
  if (master === undefined) {
    throw new SinkError(`reloading nginx: ${JSON.stringify(settings.pidPath)} names no process of it`, {
      code: 'SINK_RELOAD_FAILED',
      hint: 'check that nginx runs, or set `pidFile` or `reloadCommand`',
    });
  }
  try {
    process.kill(master, 'SIGHUP');
  } catch (error) {
    throw new SinkError(`reloading nginx: the signal to process ${master} was not possible`, {
      code: 'SINK_RELOAD_FAILED',
      cause: error,
      hint: 'run Signalbox as the user that starts nginx or as root, or set `reloadCommand`',
    });
  }
}

/** What the log says since then about a reload that went wrong: nginx tells nobody else, and goes on as before. */
export async function findReloadProblem(logPath: string, offset: number): Promise<string | undefined> {
  const lines = (await readLogFrom(logPath, offset)).split('\n').filter((line) => line.includes('[emerg]'));
  // A port in use is tried five times before nginx gives up.
  const isFinal = lines.some((line) => !line.includes('bind() to') || line.includes('still could not bind'));
  return isFinal ? lines.join('\n') : undefined;
}

const pollMs = 25;

/** Ends master and workers, and with them all connections; true when there was one. Only when the user asks: our own end never touches the traffic. */
export async function stopNginx(settings: Settings, signal: AbortSignal, graceMs = 10_000): Promise<boolean> {
  const master = await findMaster(settings);
  if (master === undefined) return false;
  signalProcess(master, 'SIGTERM');
  if (!(await waitForEnd(master, graceMs, signal))) {
    signalProcess(master, 'SIGKILL');
    await waitForEnd(master, graceMs, signal);
  }
  return true;
}

async function waitForEnd(pid: number, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
  const endAtMs = performance.now() + timeoutMs;
  while (isProcessAlive(pid)) {
    if (performance.now() > endAtMs) return false;
    await delay(pollMs, signal);
  }
  return true;
}

function signalProcess(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile.
  }
}
