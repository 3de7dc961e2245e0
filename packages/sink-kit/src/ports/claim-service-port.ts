import type { Service } from '@signalbox/core';
import { checkPort } from '../text/port.ts';

export interface ServicePortOptions {
  /** Why no service port can have TLS; undefined when they can. */
  readonly withoutTls: string | undefined;
  readonly warn: (message: string) => void;
}

/**
 * The service port that a service asks for; undefined when it asks for none, or for one that cannot be had, of which it is warned. One that is to
 * have TLS is never had without.
 */
export function claimServicePort(
  { port, portTls, appProtocol, traffic }: Service,
  { withoutTls, warn }: ServicePortOptions,
): number | undefined {
  if (port === undefined) return undefined;
  const checked = checkPort(port);
  if (!checked.ok) {
    warn(`its service port was left out: ${checked.reason}`);
    return undefined;
  }
  if (portTls === undefined) return checked.value;
  const problem =
    withoutTls ??
    (appProtocol === 'https' && traffic?.endpointTls === undefined
      ? 'what ends there has to begin again for HTTPS endpoints, with `traffic.endpointTls`'
      : undefined);
  if (problem === undefined) return checked.value;
  warn(`service port ${checked.value} was left out: it asks for TLS, and ${problem}`);
  return undefined;
}
