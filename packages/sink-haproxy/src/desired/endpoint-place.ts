import type { Endpoint } from '@signalbox/core';
import { type LookUp, placeEndpoint } from '@signalbox/sink-kit';
import { serverName } from './names.ts';

/** The name of the server that an endpoint becomes; undefined when it becomes none. */
export function serverNameOf(endpoint: Endpoint, lookUp: LookUp): string | undefined {
  const place = placeEndpoint(endpoint, lookUp);
  return 'problem' in place ? undefined : serverName(place, endpoint);
}
