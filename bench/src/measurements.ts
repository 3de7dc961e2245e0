import type { Measurement } from './measurement.ts';
import { changeInCatalog } from './measurements/change-in-catalog.ts';
import { changeInNginx } from './measurements/change-in-nginx.ts';
import { changeInTemplate } from './measurements/change-in-template.ts';
import { changeToRequest } from './measurements/change-to-request.ts';
import { changeToVerified } from './measurements/change-to-verified.ts';
import { churn } from './measurements/churn.ts';
import { cpuPerEvent } from './measurements/cpu-per-event.ts';
import { eventToTraffic } from './measurements/event-to-traffic.ts';
import { fullRead } from './measurements/full-read.ts';
import { memory } from './measurements/memory.ts';
import { otherSources } from './measurements/other-sources.ts';
import { requestCost } from './measurements/request-cost.ts';

/** In the order in which they are made. */
export const measurements: readonly Measurement[] = [
  changeInCatalog,
  changeToVerified,
  changeToRequest,
  changeInNginx,
  changeInTemplate,
  eventToTraffic,
  churn,
  cpuPerEvent,
  fullRead,
  otherSources,
  requestCost,
  memory,
];
