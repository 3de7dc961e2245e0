import { addMapCommand, deleteMapCommand, setMapCommand } from '../control/maps.ts';
import type { Observed } from '../observed/model.ts';
import { isSameMap } from '../observed/observed-map.ts';
import type { MapPaths } from '../render/files.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { isServiceBackend } from '../structure/spares.ts';
import { type Phase, type RuntimeChange, servicesOf } from './runtime-change.ts';

export interface CheckRequestOptions {
  readonly paths: MapPaths;
  readonly placed: Placed;
}

/** What HTTP checks ask for: known before the first server of a backend is checked, and for as long as it has one. */
export function diffCheckRequests(
  { maps, backends, servers }: Observed,
  { paths, placed }: CheckRequestOptions,
): readonly RuntimeChange[] {
  const now = maps.get('check');
  const { desired, additions } = placed;
  if (now === undefined || isSameMap(now, desired.maps.check)) return [];
  const changes: RuntimeChange[] = [];
  const push = (backend: string, phase: Phase, command: string, summary: string): void => {
    changes.push({
      change: {
        action: 'runtime',
        target: `check.map ${backend}`,
        summary,
        services: servicesOf(desired.backends.get(backend)),
      },
      steps: [{ phase, command, reply: '' }],
      entry: { map: 'check', key: backend },
    });
  };
  for (const [backend, request] of desired.maps.check) {
    const before = now.get(backend);
    if (before === request || !(backends.has(backend) || additions.has(backend))) continue;
    const build = before === undefined ? addMapCommand : setMapCommand;
    push(backend, 'claim', build(paths.check, backend, request), `checks ask for ${request}`);
  }
  for (const backend of now.keys()) {
    if (desired.maps.check.has(backend) || !isServiceBackend(backend) || (servers.get(backend)?.size ?? 0) > 0)
      continue;
    push(backend, 'forget', deleteMapCommand(paths.check, backend), 'checks ask for nothing any more');
  }
  return changes;
}
