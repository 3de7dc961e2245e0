import type { TrafficStatistics } from '@signalbox/core';
import type { Counts } from '../control/control-socket.ts';

/** Nothing where nothing is counted. */
export function toTraffic(counts: Counts | undefined): TrafficStatistics {
  if (counts === undefined) return {};
  const [informational = 0, success = 0, redirection = 0, clientError = 0, serverError = 0] = counts.responses;
  return {
    currentSessions: counts.active,
    totalRequests: informational + success + redirection + clientError + serverError,
    responses: { '1xx': informational, '2xx': success, '3xx': redirection, '4xx': clientError, '5xx': serverError },
    connectionErrors: counts.failed,
    retries: counts.retried,
  };
}
