import type { Endpoint } from '@signalbox/core';
import { type LookUp, nameEndpoint, nameService, placeEndpoint } from '@signalbox/sink-kit';

export const backendName: typeof nameService = nameService;

/**
 * A server never changes its address: HAProxy goes on sending requests to the old one over pooled connections after `set server addr` (seen on
 * 2.6 and 3.2), and its state file restores ports but not addresses (haproxy#2103). Nor can it become a backup or cease to be one; as another
 * server it can, without a reload.
 */
export function serverName(
  { address, port }: { readonly address: string; readonly port: number },
  { id, backup = false }: { readonly id: string; readonly backup?: boolean },
): string {
  return nameEndpoint(address, port, backup ? `${id}\0backup` : id);
}

/** The name of the server that an endpoint becomes; undefined when it becomes none. */
export function serverNameOf(endpoint: Endpoint, lookUp: LookUp): string | undefined {
  const place = placeEndpoint(endpoint, lookUp);
  return 'problem' in place ? undefined : serverName(place, endpoint);
}
