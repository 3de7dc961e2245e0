import { isIP } from 'node:net';
import type { Endpoint } from '@signalbox/core';
import { checkAddress, checkPort, type LookUp } from '@signalbox/sink-kit';
import { serverName } from './names.ts';

export interface EndpointPlace {
  /** An IP address without brackets. */
  readonly address: string;
  readonly port: number;
}

export type PlaceResult = (EndpointPlace | { readonly problem: string }) & {
  /** The name that was looked up for it. */
  readonly hostname?: string;
};

/** Where HAProxy finds an endpoint, or why it cannot. `add server` never resolves. */
export function placeOf(endpoint: Endpoint, lookUp: LookUp): PlaceResult {
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

/** The name of the server that an endpoint becomes; undefined when it becomes none. */
export function serverNameOf(endpoint: Endpoint, lookUp: LookUp): string | undefined {
  const place = placeOf(endpoint, lookUp);
  return 'problem' in place ? undefined : serverName(place, endpoint);
}
