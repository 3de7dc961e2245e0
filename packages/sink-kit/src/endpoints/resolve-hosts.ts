import type { Catalog } from '@signalbox/core';
import type { LookUp } from '../desired/service-units.ts';
import { createHostAddresses } from './host-addresses.ts';
import { placeEndpoint } from './place-endpoint.ts';

/** The addresses of all endpoints with host names, for those who only look at what a sink made of them. */
export async function resolveHosts({ services }: Catalog, signal: AbortSignal): Promise<LookUp> {
  const hosts = createHostAddresses();
  for (const { endpoints } of services.values())
    for (const endpoint of endpoints) placeEndpoint(endpoint, hosts.lookUp);
  await hosts.resolve({ all: false, signal });
  return hosts.lookUp;
}
