import type { Measurement } from './measurement.ts';
import { churn } from './measurements/churn.ts';
import { eventToTraffic } from './measurements/event-to-traffic.ts';

/** In the order in which they are made. */
export const measurements: readonly Measurement[] = [eventToTraffic, churn];
