import type { Endpoint } from './endpoint.ts';
import type { HealthCheck } from './health-check.ts';
import type { Route } from './route.ts';
import type { TrafficPolicy } from './traffic-policy.ts';

/**
 * A named, load-balanced thing on **one** port. Plain JSON data, never mutated after it was yielded.
 * The same idea elsewhere: Kubernetes Service port, Envoy cluster, HAProxy backend, nginx upstream.
 */
export interface Service {
  /**
   * `<source id>:<native id>#<port name or index>`, e.g. `mesos:/shop/cart#http`.
   * Unique in the catalog, and never changed by a transform.
   */
  readonly id: string;
  /** What people call it, e.g. `/shop/cart`. Not unique. */
  readonly name: string;
  readonly protocol: 'tcp' | 'udp';
  readonly appProtocol?: 'http' | 'https' | 'h2c';
  /** The stable port that clients use (Marathon's service port), 1 to 65535. */
  readonly port?: number;
  /** Clients of `port` speak TLS, which ends at the proxy. Absent: what they send goes through as it is. */
  readonly portTls?: PortTls;
  /** In a stable order. Empty is a statement: the service exists and nothing serves it now. */
  readonly endpoints: readonly Endpoint[];
  readonly healthCheck?: HealthCheck;
  /** User-set string pairs. Hostile text until escaped for its context. */
  readonly labels: Readonly<Record<string, string>>;
  /** Facts for people and for transforms, set by the source. Sinks do not read it. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly routes?: readonly Route[];
  readonly traffic?: TrafficPolicy;
  /** What only one sink understands, keyed by sink type; typed and validated by that sink. */
  readonly extensions?: Readonly<Record<string, unknown>>;
}

export interface PortTls {
  /** Name of a certificate that there has to be, in the words of the sink. Which one a client is shown, the host name decides that it asks for. */
  readonly certificate?: string;
}
