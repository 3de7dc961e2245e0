import type { Service } from '@signalbox/core';
import { checkPort } from '../text/port.ts';

/** The service port that a service asks for; undefined when it asks for none, or for one that there is not, of which it is warned. */
export function claimServicePort({ port }: Service, warn: (message: string) => void): number | undefined {
  if (port === undefined) return undefined;
  const checked = checkPort(port);
  if (checked.ok) return checked.value;
  warn(`its service port was left out: ${checked.reason}`);
  return undefined;
}
