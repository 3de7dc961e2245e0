import type { Service } from '@signalbox/core';

/** What a proxy should do with an endpoint: give it traffic, or let it finish what it has. */
export type EndpointState = 'active' | 'drain';

/**
 * The state of each endpoint, by endpoint id. Draining ones drain. Unhealthy ones drain too, unless every endpoint that is not draining is
 * unhealthy: a verdict never empties a pool, then the proxy's own check decides.
 */
export declare function endpointStates(service: Service): ReadonlyMap<string, EndpointState>;
