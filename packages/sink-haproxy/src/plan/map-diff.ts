import { addMapCommand, deleteMapCommand, setMapCommand } from '../control/maps.ts';
import { type Desired, mapNames } from '../desired/model.ts';
import { backendOfTarget } from '../desired/routes/target.ts';
import type { Observed } from '../observed/model.ts';
import type { MapPaths } from '../render/files.ts';
import type { Phase, RuntimeChange } from './runtime-change.ts';

export interface MapDiffOptions {
  readonly paths: MapPaths;
  /** False while a reload is due: then only what the running structure can carry is changed, and the reload brings the rest. */
  readonly structureMatches: boolean;
}

/** Which backend serves a port or a route is a matter of map entries, and so of the Runtime API. */
export function diffMaps(
  desired: Desired,
  observed: Observed,
  { paths, structureMatches }: MapDiffOptions,
): readonly RuntimeChange[] {
  const changes: RuntimeChange[] = [];
  const waiting = structureMatches ? new Set<string>() : backendsWithStructure(desired);
  for (const name of mapNames) {
    const now = observed.maps.get(name);
    if (now === undefined) continue;
    // A port is in its map for exactly as long as the process listens on it; that is how our own ports are told from foreign ones.
    const fixedKeys = name === 'port' && !structureMatches;
    const kind = name === 'port' ? 'port' : 'route';
    const push = (key: string, phase: Phase, command: string, target: string, event: string): void => {
      const serviceId = desired.backends.get(backendOfTarget(target))?.serviceId;
      changes.push({
        change: {
          action: 'runtime',
          target: `${name}.map ${key}`,
          summary: `${kind} ${key} ${event}`,
          services: serviceId === undefined ? [] : [serviceId],
        },
        steps: [{ phase, command, reply: '' }],
        entry: { map: name, key },
      });
    };
    const waits = (target: string): boolean => name !== 'port' && waiting.has(backendOfTarget(target));
    for (const [key, target] of desired.maps[name]) {
      const before = now.get(key);
      const backend = backendOfTarget(target);
      if (before === target || !observed.backends.has(backend) || waits(target)) continue;
      if (before !== undefined) {
        if (waits(before)) continue;
        push(key, 'lead', setMapCommand(paths[name], key, target), target, describeMove(before, backend));
      } else if (!fixedKeys) {
        push(key, 'lead', addMapCommand(paths[name], key, target), target, `led to backend ${backend}`);
      }
    }
    if (fixedKeys) continue;
    for (const [key, target] of now) {
      if (desired.maps[name].has(key) || waits(target)) continue;
      push(key, 'forget', deleteMapCommand(paths[name], key), target, 'removed');
    }
  }
  return changes;
}

/**
 * A service with rules or filters changes its routes together with them: while the reload is due, its requests would meet the entries of
 * tomorrow and the rules of yesterday, and go where they must not, or nowhere.
 */
function backendsWithStructure({ rules, filters }: Desired): ReadonlySet<string> {
  return new Set([...rules, ...filters].map(({ backend }) => backend));
}

function describeMove(before: string, backend: string): string {
  return backendOfTarget(before) === backend ? `of backend ${backend} changed` : `moved to backend ${backend}`;
}
