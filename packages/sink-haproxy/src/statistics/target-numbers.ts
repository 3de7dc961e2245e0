import { isAbortError } from '@signalbox/core';
import { readProcesses } from '../control/master-socket.ts';
import { readProcessInfo } from '../control/process-info.ts';
import type { RuntimeConnection } from '../control/runtime-connection.ts';
import type { Settings } from '../settings.ts';

/** The numbers of the process as a whole; those of the master only where it answers. */
export async function readTargetNumbers(
  connection: RuntimeConnection,
  settings: Settings,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const info = await readProcessInfo(connection);
  const { currentConnections, maxConnections, uptimeSeconds, field } = info;
  return {
    uptimeSeconds,
    currentConnections,
    maxConnections,
    totalConnections: Number(field('CumConns') ?? 0),
    totalRequests: info.cumulativeRequests,
    idlePercent: Number(field('Idle_pct') ?? 0),
    ...(await readMasterNumbers(settings, signal)),
  };
}

/** A worker that is reloaded by a command may have no master socket that we know of; that is no fault. */
async function readMasterNumbers(
  { masterSocket }: Settings,
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  try {
    const { master, oldWorkers, failedReloads } = await readProcesses(masterSocket, { signal, timeoutMs: 2_000 });
    return { reloads: master.reloads, failedReloads, oldWorkers: oldWorkers.length };
  } catch (error) {
    if (isAbortError(error, signal)) throw error;
    return {};
  }
}
