import type { ControlState } from '../control/control-socket.ts';
import { findMaster, findWorkers } from '../control/process.ts';
import type { Settings } from '../settings.ts';

/** The numbers of nginx as a whole: its own counters, workers, and the room in the dictionary. Those that nobody tells are absent. */
export async function readTargetNumbers(
  settings: Settings,
  { freeBytes, capacityBytes }: ControlState,
  connections: string | undefined,
): Promise<Readonly<Record<string, number>>> {
  const master = await findMaster(settings);
  const workers = master === undefined ? undefined : await findWorkers(master);
  return {
    ...parseStubStatus(connections ?? ''),
    ...(workers && { workers: workers.serving.size, oldWorkers: workers.ending.size }),
    ...(capacityBytes !== undefined && { dictionaryBytes: capacityBytes }),
    ...(freeBytes !== undefined && { dictionaryFreeBytes: freeBytes }),
  };
}

/** https://nginx.org/en/docs/http/ngx_http_stub_status_module.html; the question for it is among the requests. */
export function parseStubStatus(text: string): Readonly<Record<string, number>> {
  const [, active] = /^Active connections: (\d+)/.exec(text) ?? [];
  const [, accepts, handled, requests] = /^ (\d+) (\d+) (\d+) $/m.exec(text) ?? [];
  const [, reading, writing, waiting] = /^Reading: (\d+) Writing: (\d+) Waiting: (\d+)/m.exec(text) ?? [];
  if (active === undefined || accepts === undefined || reading === undefined) return {};
  return {
    currentConnections: Number(active),
    idleConnections: Number(waiting),
    totalConnections: Number(accepts),
    refusedConnections: Number(accepts) - Number(handled),
    totalRequests: Number(requests),
    readingRequests: Number(reading),
    writingAnswers: Number(writing),
  };
}
