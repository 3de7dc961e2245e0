import { addMapCommand, deleteMapCommand, setMapCommand } from '../control/maps.ts';
import { type Desired, mapNames } from '../desired/model.ts';
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
  for (const name of mapNames) {
    const now = observed.maps.get(name);
    if (now === undefined) continue;
    // A port is in its map for exactly as long as the process listens on it; that is how our own ports are told from foreign ones.
    const fixedKeys = name === 'port' && !structureMatches;
    const push = (key: string, phase: Phase, command: string, summary: string, backend: string | undefined): void => {
      const serviceId = backend === undefined ? undefined : desired.backends.get(backend)?.serviceId;
      changes.push({
        change: {
          action: 'runtime',
          target: `${name}.map ${key}`,
          summary,
          services: serviceId === undefined ? [] : [serviceId],
        },
        steps: [{ phase, command, reply: '' }],
      });
    };
    const kind = name === 'port' ? 'port' : 'route';
    for (const [key, backend] of desired.maps[name]) {
      const before = now.get(key);
      if (before === backend || !observed.backends.has(backend)) continue;
      if (before !== undefined) {
        push(
          key,
          'lead',
          setMapCommand(paths[name], key, backend),
          `${kind} ${key} moved to backend ${backend}`,
          backend,
        );
      } else if (!fixedKeys) {
        push(
          key,
          'lead',
          addMapCommand(paths[name], key, backend),
          `${kind} ${key} led to backend ${backend}`,
          backend,
        );
      }
    }
    if (fixedKeys) continue;
    for (const [key, backend] of now) {
      if (desired.maps[name].has(key)) continue;
      push(key, 'forget', deleteMapCommand(paths[name], key), `${kind} ${key} removed`, backend);
    }
  }
  return changes;
}
