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

/** The backend of a map's value; those of service ports are nothing else. */
export function backendOfTarget(text: string): string {
  return text.split(':', 1)[0] ?? '';
}
