import type { PortProtocol } from '../model.ts';
import { isPortProtocol } from '../port-protocols.ts';

/**
 * Where a request goes, as the maps and rules say it: backend, rank and, if the route has one, its filter, with colons between. One text, so that all change in one step
 * when a map entry is set at runtime.
 */
export interface RouteTarget {
  readonly backend: string;
  readonly rank: number;
  readonly filter: string | undefined;
}

export function formatTarget({ backend, rank, filter }: RouteTarget): string {
  return filter === undefined ? `${backend}:${rank}` : `${backend}:${rank}:${filter}`;
}

/** Where a service port leads, and what is spoken there: a port that is bound from the start learns it from here. */
export function formatPortTarget({
  backend,
  protocol,
}: {
  readonly backend: string;
  readonly protocol: PortProtocol;
}): string {
  return `${backend}:${protocol}`;
}

/** Undefined for what is no target of a service port. */
export function protocolOfTarget(text: string): PortProtocol | undefined {
  const [, protocol] = text.split(':');
  return isPortProtocol(protocol) ? protocol : undefined;
}

/** The same target in another backend. */
export function moveTarget(text: string, backend: string): string {
  return `${backend}${text.slice(backendOfTarget(text).length)}`;
}

/** The backend of a map's value. */
export function backendOfTarget(text: string): string {
  return text.split(':', 1)[0] ?? '';
}
