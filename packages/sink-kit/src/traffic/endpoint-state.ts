import type { Endpoint, Service } from '@signalbox/core';

/** What a proxy should do with an endpoint: give it traffic, or let it finish what it has. */
export type EndpointState = 'active' | 'drain';

/**
 * Says the state of each endpoint of the service. Draining ones drain. Unhealthy ones drain too, unless every endpoint that is not draining is
 * unhealthy: a verdict never empties a pool, then the proxy's own check decides.
 */
export function endpointStateOf({ endpoints }: Service): (endpoint: Endpoint) => EndpointState {
  const anyUsable = endpoints.some(({ draining, health }) => draining !== true && health !== 'unhealthy');
  return ({ draining, health }) => (draining === true || (health === 'unhealthy' && anyUsable) ? 'drain' : 'active');
}
