import type { Candidate } from './members.ts';
import type { MergeOrigin } from './merge-options.ts';

/** What the endpoints of one priority do. */
export interface Level {
  readonly candidates: readonly Candidate[];
  readonly role: Role;
}

/** `active` takes traffic now; `backup` when the proxy finds nothing else; `resting` waits behind the backup, out of the proxy. */
export type Role = 'active' | 'backup' | 'resting';

/**
 * Assigns roles by priority. As far as sources tell, the highest level that can serve is active and the next one is its backup, so
 * that a proxy takes over by itself. Levels above that one stay in, in case that the proxy knows better. Where none can serve, the
 * highest is active and all others are backups: a verdict never empties a pool.
 */
export function assignRoles(candidates: readonly Candidate[], origins: readonly MergeOrigin[]): readonly Level[] {
  const byPriority = new Map<number, Candidate[]>();
  for (const candidate of candidates) {
    const priority = origins[candidate.origin]?.priority ?? 0;
    byPriority.set(priority, [...(byPriority.get(priority) ?? []), candidate]);
  }
  const levels = [...byPriority.entries()].sort(([left], [right]) => right - left).map(([, level]) => level);
  const able = levels.map((level) => level.some((candidate) => canServe(candidate, origins)));
  const active = able.indexOf(true);
  const backup = able.indexOf(true, active + 1);
  return levels.map((level, index) => ({ candidates: level, role: roleOf(index, active, backup) }));
}

function roleOf(index: number, active: number, backup: number): Role {
  if (active < 0) return index === 0 ? 'active' : 'backup';
  if (index <= active) return 'active';
  return index === backup ? 'backup' : 'resting';
}

function canServe({ endpoint, origin }: Candidate, origins: readonly MergeOrigin[]): boolean {
  const { percent, weight } = origins[origin] ?? {};
  const { draining, health, weight: own } = endpoint;
  return draining !== true && health !== 'unhealthy' && own !== 0 && (percent ?? weight) !== 0;
}
