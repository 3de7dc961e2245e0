import type { Service } from '@signalbox/core';

/** What a proxy should do with an endpoint: give it traffic, or let it finish what it has. */
export type EndpointState = 'active' | 'drain';

/**
 * The state of each endpoint, by endpoint id and in the same order. Draining ones drain. Unhealthy ones drain too, unless
 * every endpoint that is not draining is unhealthy: a verdict never empties a pool, then the proxy's own check decides.
 */
export function endpointStates(service: Service): ReadonlyMap<string, EndpointState> {
  const anyUsable = service.endpoints.some(({ draining, health }) => draining !== true && health !== 'unhealthy');
  return new Map(
    service.endpoints.map(({ id, draining, health }) => [
      id,
      draining === true || (health === 'unhealthy' && anyUsable) ? 'drain' : 'active',
    ]),
  );
}
