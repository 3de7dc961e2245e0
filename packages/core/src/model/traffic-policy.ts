/** Neutral wishes for how traffic is spread. A sink that cannot grant one says so in a warning, never silently. */
export interface TrafficPolicy {
  readonly balance?: 'roundrobin' | 'leastconn' | 'random' | 'source' | 'uri';
  readonly sticky?: { readonly cookie: string };
  /** Concurrent connections per endpoint. */
  readonly maxConnections?: number;
  readonly timeouts?: {
    readonly connectMs?: number;
    /** Longest silence of a client, and of an endpoint. */
    readonly idleMs?: number;
    /** Longest wait for an endpoint's answer to begin. */
    readonly responseMs?: number;
    readonly queueMs?: number;
  };
  /** Further attempts on another endpoint when a connection could not be made. */
  readonly retries?: number;
  /** Speak TLS to the endpoints. */
  readonly endpointTls?: { readonly verify: boolean; readonly serverName?: string };
  readonly proxyProtocol?: 'v1' | 'v2';
}
