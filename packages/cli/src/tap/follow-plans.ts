import { delay, type Inspection, isPipelineError, messageOf, type Service } from '@signalbox/core';
import { keepNewest } from './follow-services.ts';
import type { LineWriter } from './line-writer.ts';

/** How long after a failure a sink is asked again, when nothing changes meanwhile. */
const retryMs = 5_000;

/** Writes what a sink would do, now and again after every change of what it gets; nothing is applied. Ends when enough was written. */
export async function followPlans(
  inspection: Inspection,
  writer: LineWriter,
  sink: string,
  isSelected: (service: Service) => boolean,
): Promise<void> {
  const { signal } = inspection;
  const newest = keepNewest(inspection, (trace) => trace.sinks[sink]?.catalog);
  let version = 0;
  await newest.changedSince(version, signal);
  while (!writer.isFull) {
    const skipped = newest.version - version - 1;
    version = newest.version;
    const services = newest.value?.services;
    const record = await describePlan(inspection, sink, (id) => {
      const service = services?.get(id);
      return service !== undefined && isSelected(service);
    });
    await writer.write({ ...record, ...(skipped > 0 && { skipped }) }, signal);
    if (writer.isFull) return;
    const changed = newest.changedSince(version, signal);
    if (record.kind === 'error') await Promise.race([changed, delay(retryMs, signal)]);
    else await changed;
  }
}

async function describePlan(
  { plan, signal }: Inspection,
  sink: string,
  isMeant: (serviceId: string) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const { changes, warnings, deferred } = await plan(sink);
    return {
      kind: 'plan',
      changes: changes.filter(({ services }) => services.length === 0 || services.some(isMeant)),
      warnings: warnings.filter(({ service }) => service === undefined || isMeant(service)),
      ...(deferred && { deferred }),
    };
  } catch (error) {
    signal.throwIfAborted();
    const details = isPipelineError(error) ? { code: error.code, hint: error.hint } : {};
    return { kind: 'error', message: messageOf(error), ...details };
  }
}
