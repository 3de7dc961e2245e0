import type { Request, Target } from '../load/target.ts';
import type { Outcome } from '../measure/outcome.ts';

export const target: Target = { app: '/shop/web', entrance: 'port 18081', url: 'http://127.0.0.1:18081/' };

/** A request to `/shop/web` from 100 to 140 ms, which nobody answered unless the values say so. */
export function requestRecord(values: Partial<Request> = {}): Request {
  return { target, startedAtMs: 100, endedAtMs: 140, ...values };
}

/** Of a stretch of time in which all went well. */
export function outcome(values: Partial<Outcome> = {}): Outcome {
  return {
    durationMs: 3_000,
    requests: { sent: 100, answered: 100, cutOff: 0, failed: 0 },
    failures: [],
    reloads: 0,
    runtimeApplies: 1,
    lostWhileStale: 0,
    sourceHealths: new Set(['fresh']),
    arrivals: { tasks: 2, medianMs: 200, worstMs: 300 },
    departures: undefined,
    unheard: [],
    overdue: [],
    ...values,
  };
}
