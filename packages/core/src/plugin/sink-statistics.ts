/**
 * What a target has counted since it started, by service. A number that the target does not count is absent, never 0.
 * Counters start again at 0 when the target is restarted or reloaded: they are counters in Prometheus' sense.
 */
export interface SinkStatistics {
  /** By service id; only services of the catalog that the target serves. */
  readonly services: ReadonlyMap<string, ServiceStatistics>;
  /** Every certificate that the target offers to clients. */
  readonly certificates?: readonly CertificateStatistics[];
  /** Further numbers of the target as a whole by name, e.g. `reloads`, `oldWorkers`, `currentConnections`. */
  readonly target?: Readonly<Record<string, number>>;
}

export interface ServiceStatistics extends TrafficStatistics {
  /** By endpoint id; only endpoints that the target knows. */
  readonly endpoints: ReadonlyMap<string, EndpointStatistics>;
}

export interface EndpointStatistics extends TrafficStatistics {
  /** As the target's own checks see it; `unchecked` when it takes traffic and nobody asks. */
  readonly state: 'up' | 'down' | 'draining' | 'maintenance' | 'unchecked';
  /** What the last check said, one line for people. */
  readonly lastCheck?: string;
}

export interface TrafficStatistics {
  readonly currentSessions?: number;
  readonly queuedRequests?: number;
  readonly totalSessions?: number;
  readonly totalRequests?: number;
  readonly bytesIn?: number;
  readonly bytesOut?: number;
  readonly connectionErrors?: number;
  readonly responseErrors?: number;
  readonly retries?: number;
  readonly redispatches?: number;
  /** Answers by class, e.g. `{ '2xx': 17, '5xx': 1 }`. */
  readonly responses?: Readonly<Record<ResponseClass, number>>;
  /** Of the last 1024 requests or so. */
  readonly averageResponseMs?: number;
}

export type ResponseClass = '1xx' | '2xx' | '3xx' | '4xx' | '5xx';

export interface CertificateStatistics {
  /** Where it came from, e.g. the path of its file. */
  readonly source: string;
  /** The names that it is for: its subject's common name and alternative names. */
  readonly hostnames: readonly string[];
  /** Milliseconds since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}
