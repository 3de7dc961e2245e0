/**
 * Where a request goes, as the maps and rules say it: backend and rank, with a colon between. One text, so that both change in one step
 * when a map entry is set at runtime.
 */
export interface RouteTarget {
  readonly backend: string;
  readonly rank: number;
}

export function formatTarget({ backend, rank }: RouteTarget): string {
  return `${backend}:${rank}`;
}

/** The backend of a map's value; those of service ports are nothing else. */
export function backendOfTarget(text: string): string {
  return text.split(':', 1)[0] ?? '';
}
