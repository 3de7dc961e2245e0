import { isIP } from 'node:net';
import type { Endpoint } from '@signalbox/core';
import type { LookUp } from '../desired/service-units.ts';
import { checkAddress } from '../text/address.ts';
import { checkPort } from '../text/port.ts';

export interface EndpointPlace {
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
}

export type PlaceResult = (EndpointPlace | { readonly problem: string }) & {
  /** The name that was looked up for it. */
  readonly hostname?: string;
};

/** Where a proxy finds an endpoint, or why it cannot. Changes at runtime take addresses: neither proxy resolves names there. */
export function placeEndpoint(endpoint: Endpoint, lookUp: LookUp): PlaceResult {
  const port = checkPort(endpoint.port);
  if (!port.ok) return { problem: port.reason };
  const checked = checkAddress(endpoint.address);
  if (!checked.ok) return { problem: checked.reason };
  if (isIP(checked.value) !== 0) return { address: checked.value, port: port.value };
  const hostname = checked.value;
  const address = lookUp(hostname);
  if (address === undefined) return { problem: `its host name ${hostname} does not resolve`, hostname };
  return { address, port: port.value, hostname };
}
