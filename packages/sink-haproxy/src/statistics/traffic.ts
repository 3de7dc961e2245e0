import type { EndpointStatistics, ResponseClass, TrafficStatistics } from '@signalbox/core';
import { oneLine } from '@signalbox/sink-kit';
import type { StatisticsRow } from '../control/statistics-table.ts';

/** Names of ours, and columns of `show stat` (management.txt 9.1). */
const columns = {
  currentSessions: 'scur',
  queuedRequests: 'qcur',
  totalSessions: 'stot',
  totalRequests: 'req_tot',
  bytesIn: 'bin',
  bytesOut: 'bout',
  connectionErrors: 'econ',
  responseErrors: 'eresp',
  retries: 'wretr',
  redispatches: 'wredis',
} as const;

const responseClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;

/** What HAProxy counted for a backend or a server. */
export function toTraffic(row: StatisticsRow): TrafficStatistics {
  const counted = Object.entries(columns).flatMap(([name, column]) => {
    const value = row.number(column);
    return value === undefined ? [] : [[name, value]];
  });
  const responses = responseClasses.map((name) => [name, row.number(`hrsp_${name}`)] as const);
  const averageResponseMs = averageResponse(row);
  return {
    ...Object.fromEntries(counted),
    ...(responses.every(([, value]) => value !== undefined) && {
      responses: Object.fromEntries(responses) as Record<ResponseClass, number>,
    }),
    ...(averageResponseMs !== undefined && { averageResponseMs }),
  };
}

/** HAProxy says 0 as long as nothing was answered, and always in TCP mode. */
function averageResponse(row: StatisticsRow): number | undefined {
  return row.text('mode') === 'http' && (row.number('stot') ?? 0) > 0 ? row.number('rtime') : undefined;
}

export function toEndpointStatistics(row: StatisticsRow): EndpointStatistics {
  const lastCheck = describeCheck(row);
  return { ...toTraffic(row), state: toState(row), ...(lastCheck !== '' && { lastCheck }) };
}

/** `UP`, `UP 1/3`, `DOWN`, `DOWN 1/2`, `NOLB`, `DRAIN`, `MAINT`, `MAINT (via …)`, `no check`; the last one hides that the weight is 0. */
function toState(row: StatisticsRow): EndpointStatistics['state'] {
  const status = row.text('status');
  if (status.startsWith('MAINT')) return 'maintenance';
  if (status.startsWith('DOWN')) return 'down';
  if (/^(DRAIN|NOLB)/.test(status) || row.number('weight') === 0) return 'draining';
  return status === 'no check' ? 'unchecked' : 'up';
}

/** e.g. `Layer7 wrong status 503: Service Unavailable`. What a server answered is foreign text. */
function describeCheck(row: StatisticsRow): string {
  const verdict = [row.text('check_desc'), row.text('check_code')].filter((part) => part !== '').join(' ');
  return oneLine([verdict, row.text('last_chk')].filter((part) => part !== '').join(': '));
}
