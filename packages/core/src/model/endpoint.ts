/**
 * Health as the source reports it, never as Signalbox measured it.
 * `unknown` means "no verdict", not "bad": a source that lost its results (a new Marathon leader) must not empty a pool.
 */
export type Health = 'healthy' | 'unhealthy' | 'unknown';

/** One address and port that can take traffic for a service. */
export interface Endpoint {
  /** Stable for the life of the task or instance behind it; unique within its service. */
  readonly id: string;
  /** IPv4 or IPv6 address without brackets, or a host name that the proxy can resolve. */
  readonly address: string;
  /** 1 to 65535. */
  readonly port: number;
  readonly health: Health;
  /** Takes no new connections, finishes old ones. */
  readonly draining?: boolean;
  /** Relative share, integer 0 to 256. Absent means the proxy's default share, equal for all. */
  readonly weight?: number;
  /** Takes traffic only while no endpoint without this can (HAProxy's and nginx's `backup`, Envoy's second priority). */
  readonly backup?: boolean;
  /** Facts for people (`explain`, the dashboard). Sinks do not read it. */
  readonly metadata?: Readonly<Record<string, string>>;
}
