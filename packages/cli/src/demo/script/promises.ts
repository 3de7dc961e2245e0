import type { ActPromise } from './act.ts';

/** Generous, because a demo may share its machine; what was measured is shown. */
const followLimitMs = 10_000;

export const noFailedRequest: ActPromise = {
  text: 'no request fails',
  findBreach: ({ requests, failures }) => {
    if (requests.sent === 0) return 'no request was sent';
    const lost = requests.failed + requests.cutOff;
    return lost === 0 ? undefined : `${lost} of ${requests.sent} failed${listed(failures)}`;
  },
};

export const onlyCutOffRequests: ActPromise = {
  text: 'no request fails, except those in flight on a task that died',
  findBreach: ({ requests, failures }) => {
    if (requests.sent === 0) return 'no request was sent';
    return requests.failed === 0 ? undefined : `${requests.failed} of ${requests.sent} failed${listed(failures)}`;
  },
};

export const noReload: ActPromise = {
  text: 'no reload',
  findBreach: ({ reloads }) => (reloads === 0 ? undefined : `HAProxy was reloaded ${times(reloads)}`),
};

export const oneReload: ActPromise = {
  text: 'one reload at most',
  findBreach: ({ reloads }) => (reloads <= 1 ? undefined : `HAProxy was reloaded ${times(reloads)}`),
};

export const trafficFollows: ActPromise = {
  text: `every new task answers within ${followLimitMs / 1_000} s`,
  findBreach: ({ arrivals, unheard }) => {
    if (unheard.length > 0) return `${unheard.length} never answered`;
    if (arrivals === undefined) return 'no task started';
    return arrivals.worstMs <= followLimitMs ? undefined : `one took ${arrivals.worstMs} ms`;
  },
};

export const nothingForgotten: ActPromise = {
  text: 'no endpoint is removed while Marathon cannot be asked',
  findBreach: ({ lostWhileStale }) => (lostWhileStale === 0 ? undefined : `${lostWhileStale} were removed`),
};

export const staleIsShown: ActPromise = {
  text: 'the status says "stale" meanwhile',
  findBreach: ({ sourceHealths }) =>
    sourceHealths.has('stale') ? undefined : `it said ${[...sourceHealths].join(', ') || 'nothing'}`,
};

export const catchesUp: ActPromise = {
  text: 'everything agrees in the end',
  findBreach: ({ overdue }) => (overdue.length === 0 ? undefined : `not in time: ${overdue.join(', ')}`),
};

function listed(failures: readonly string[]): string {
  return failures.length === 0 ? '' : `: ${failures.join('; ')}`;
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
