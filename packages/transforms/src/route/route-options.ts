import type { PathMatch, PortTls, Route, Selector, Service, TrafficPolicy } from '@signalbox/core';

export interface RouteOptions {
  /** Every rule that matches a service is applied to it, in this order. */
  readonly rules: readonly RouteRule[];
}

/**
 * How the services that match are exposed. The keys of one route may stand in the rule itself (the short form);
 * `routes` is for several.
 */
export interface RouteRule extends RouteInput {
  readonly match: Selector | readonly Selector[];
  /** The full form. Not together with the keys of a route in the rule itself. */
  readonly routes?: readonly RouteInput[];
  /** What happens to routes that the service has already, from its source, another transform or an earlier rule. Default `keep`. */
  readonly existingRoutes?: 'keep' | 'replace';
  /** Set key by key over what the service has. */
  readonly traffic?: TrafficPolicy;
  /** Default: `http` for a service that gets routes and has none, unless its TLS is passed through. */
  readonly appProtocol?: NonNullable<Service['appProtocol']>;
  /** The stable port that clients use, instead of the service's own. */
  readonly port?: number;
  /** Clients of that port speak TLS, which ends at the proxy; `true` is `{}`. */
  readonly portTls?: true | PortTls;
}

/** A route of the model, with a string as the short form of a path prefix. */
export interface RouteInput extends Omit<Route, 'path'> {
  readonly path?: string | PathMatch;
}
