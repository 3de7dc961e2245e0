import { setMaxListeners } from 'node:events';
import { LoadLog } from './load-log.ts';
import type { LoadReport } from './load-report.ts';
import type { LoadTarget, RequestRecord } from './request-record.ts';
import { runClient } from './run-client.ts';

export interface LoadOptions<Target extends LoadTarget = LoadTarget> {
  /** What to ask; short for one target. */
  readonly url?: string;
  /** Default for `url` alone; a target's own headers win as a whole. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For targets that do not say. Default true. */
  readonly keepAlive?: boolean;
  readonly targets?: readonly Target[];
  /** Clients for each target, with one connection each. Default 1. */
  readonly connections?: number;
  /** For each target, shared by its clients. Default: every client asks again as soon as it has its answer. */
  readonly ratePerSecond?: number;
  /** Longest wait for one whole answer. Default 10000. */
  readonly timeoutMs?: number;
  /** The load ends by itself after this time. Default 600000. */
  readonly durationMs?: number;
  /** The load ends by itself after so many requests in all. Default 1000000. */
  readonly maxRequests?: number;
  /** Called at the end of each request. */
  readonly onRecord?: (record: RequestRecord<Target>) => void;
  /** Ends the load at once; requests in flight are broken off and not recorded. */
  readonly signal?: AbortSignal;
}

/** Clients that ask steadily, until somebody stops them or a bound is reached. */
export interface Load<Target extends LoadTarget = LoadTarget> extends AsyncDisposable {
  /** Starts clients for further targets. */
  add(targets: readonly Target[]): void;
  /** What was seen so far. */
  report(): LoadReport<Target>;
  /** Ends all clients after the requests that are in flight, which count, too. */
  stop(): Promise<LoadReport<Target>>;
}

/**
 * Starts clients that send HTTP requests and write down what became of each. Nothing is tried again. Requests of one target are spread evenly over
 * time.
 *
 * @throws {TypeError} when a URL cannot be parsed.
 *
 * @example
 * const load = startLoad({ url: 'http://127.0.0.1:10080/', ratePerSecond: 200, connections: 4 });
 * const { failed, tasks, latencyMs } = await load.stop();
 */
export function startLoad<Target extends LoadTarget = LoadTarget>(options: LoadOptions<Target>): Load<Target> {
  const { url, headers, keepAlive, targets = [], connections = 1, ratePerSecond, timeoutMs = 10_000 } = options;
  const { durationMs = 600_000, maxRequests = 1_000_000, onRecord } = options;
  const log = new LoadLog<Target>();
  const stopping = new AbortController();
  const aborting = new AbortController();
  // Every client listens to both, which is no leak.
  setMaxListeners(0, stopping.signal, aborting.signal);
  const end = (): void => {
    clearTimeout(timer);
    stopping.abort();
  };
  const abort = (): void => {
    end();
    aborting.abort(options.signal?.reason);
  };
  const timer = setTimeout(end, durationMs);
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted) abort();
  let remaining = maxRequests;
  const clients: Promise<void>[] = [];

  const add = (added: readonly Target[]): void => {
    for (const target of added) new URL(target.url);
    const intervalMs = ratePerSecond === undefined ? 0 : (1_000 * connections) / ratePerSecond;
    const count = added.length * connections;
    for (let index = 0; index < count; index += 1) {
      const target = added[index % added.length] as Target;
      const client = runClient({
        target: { ...target, keepAlive: target.keepAlive ?? keepAlive ?? true },
        intervalMs,
        // Spread over the interval, so that requests come one by one.
        offsetMs: (index * intervalMs) / count,
        timeoutMs,
        mayStart: () => remaining-- > 0,
        onRecord(record) {
          log.add(record);
          onRecord?.(record);
        },
        onSkip: (skipped) => log.skip(skipped),
        stopping: stopping.signal,
        signal: aborting.signal,
      });
      client.catch(() => {});
      clients.push(client);
    }
  };
  const stop = async (): Promise<LoadReport<Target>> => {
    end();
    await Promise.all(clients);
    options.signal?.removeEventListener('abort', abort);
    return log.report();
  };

  add(url === undefined ? targets : [{ url, ...(headers === undefined ? {} : { headers }) } as Target, ...targets]);
  return { add, report: () => log.report(), stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}
