import { mapNames } from '../desired/model.ts';
import { backendOfTarget } from '../desired/routes/target.ts';
import type { Observed } from '../observed/model.ts';
import type { Placed } from '../structure/placed-desired.ts';
import type { RuntimeChange } from './runtime-change.ts';

/**
 * A service that moves to another backend leaves its servers behind, and as long as a request is led to them they are the ones that answer. Those
 * whose requests are led away by other changes are marked, to follow them; where nothing leads them away, the servers stay.
 */
export function holdLeaving(
  changes: readonly RuntimeChange[],
  placed: Placed,
  observed: Observed,
): readonly RuntimeChange[] {
  if (!changes.some((change) => isLeaving(change, placed, observed))) return changes;
  const moved = new Set(changes.flatMap(({ entry }) => (entry === undefined ? [] : [keyOf(entry.map, entry.key)])));
  const led = ledBackends(observed);
  const stay = ledBackends(observed, (map, key) => !moved.has(keyOf(map, key)));
  return changes.flatMap((change) => {
    const { server } = change;
    if (server === undefined || !led.has(server.backend) || !isLeaving(change, placed, observed)) return [change];
    return stay.has(server.backend) ? [] : [{ ...change, server: { ...server, leaves: true } }];
  });
}

/** Backends that some entry leads to. */
export function ledBackends(
  { maps }: Observed,
  counts: (map: string, key: string) => boolean = () => true,
): ReadonlySet<string> {
  const led = new Set<string>();
  for (const name of mapNames) {
    if (name === 'spare' || name === 'check') continue;
    for (const [key, target] of maps.get(name) ?? []) if (counts(name, key)) led.add(backendOfTarget(target));
  }
  return led;
}

function keyOf(map: string, key: string): string {
  return `${map} ${key}`;
}

/** Whether it takes a server out of a backend, which its service wants in another one. */
function isLeaving({ server }: RuntimeChange, { desired, spares }: Placed, observed: Observed): boolean {
  if (server === undefined || desired.backends.get(server.backend)?.serviceId !== '') return false;
  const holder = observed.maps.get('spare')?.get(server.backend);
  const owner = holder === undefined ? server.backend : (holder.split(':', 1)[0] ?? '');
  const place = spares.get(owner) ?? owner;
  return place !== server.backend && desired.backends.get(place)?.servers.has(server.name) === true;
}
