import { addMapCommand, deleteMapCommand, setMapCommand } from '../control/maps.ts';
import type { MapName } from '../desired/model.ts';
import { backendOfTarget, protocolOfTarget } from '../desired/routes/target.ts';
import type { Observed } from '../observed/model.ts';
import { isSameMap } from '../observed/observed-map.ts';
import type { MapPaths } from '../render/files.ts';
import type { Placed } from '../structure/placed-desired.ts';
import { diffCheckRequests } from './check-request-diff.ts';
import { type Phase, type RuntimeChange, servicesOf } from './runtime-change.ts';

export interface MapDiffOptions {
  readonly paths: MapPaths;
  /** What the process can carry: only that is changed, and a reload brings the rest. */
  readonly placed: Placed;
  /** Whether a backend answers, and whether it will once the rest of the changes is made. */
  readonly answers: (backend: string) => 'now' | 'then' | 'never';
}

const routeKinds: Readonly<Record<Exclude<MapName, 'spare' | 'check'>, string>> = {
  route: 'route',
  port: 'port',
  sni: 'route',
};

/** Which backend serves a port or a route is a matter of map entries, and so of the Runtime API. */
export function diffMaps(observed: Observed, { paths, placed, answers }: MapDiffOptions): readonly RuntimeChange[] {
  const { desired } = placed;
  const changes: RuntimeChange[] = [
    ...claimSpares(observed, { paths, placed }),
    ...diffCheckRequests(observed, { paths, placed }),
  ];
  const waiting = placed.routesMatch ? new Set<string>() : backendsWithStructure(placed);
  for (const [name, kind] of Object.entries(routeKinds) as [keyof typeof routeKinds, string][]) {
    const now = observed.maps.get(name);
    const wanted = desired.maps[name];
    if (now === undefined || isSameMap(now, wanted)) continue;
    // On other ports nobody listens, or not for this.
    const isOpen = (key: string, target: string): boolean => {
      if (name !== 'port') return true;
      const protocol = placed.protocolOfPort(Number(key));
      return protocol === 'any' || protocol === protocolOfTarget(target);
    };
    const push = (
      { key, needs }: { readonly key: string; readonly needs?: string | undefined },
      phase: Phase,
      command: string,
      target: string,
      event: string,
    ): void => {
      changes.push({
        change: {
          action: 'runtime',
          target: `${name}.map ${key}`,
          summary: `${kind} ${key} ${event}`,
          services: servicesOf(desired.backends.get(backendOfTarget(target))),
        },
        steps: [{ phase, command, reply: '' }],
        entry: { map: name, key, ...(needs === undefined ? {} : { needs }) },
      });
    };
    const waits = (target: string): boolean => name !== 'port' && waiting.has(backendOfTarget(target));
    for (const [key, target] of wanted) {
      const before = now.get(key);
      const backend = backendOfTarget(target);
      const isThere = observed.backends.has(backend) || placed.additions.has(backend);
      if (before === target || !isThere || waits(target) || !isOpen(key, target)) continue;
      if (before !== undefined && waits(before)) continue;
      const isLedThere = before !== undefined && backendOfTarget(before) === backend;
      const answer = isLedThere ? 'now' : answers(backend);
      if (answer === 'never') continue;
      const build = before === undefined ? addMapCommand : setMapCommand;
      const event = before === undefined ? `led to backend ${backend}` : describeMove(before, backend);
      const needs = answer === 'now' ? undefined : backend;
      push({ key, needs }, 'lead', build(paths[name], key, target), target, event);
    }
    for (const [key, target] of now) {
      if (wanted.has(key) || waits(target) || !isOpen(key, target)) continue;
      push({ key }, 'forget', deleteMapCommand(paths[name], key), target, 'removed');
    }
  }
  return changes;
}

/** Entries of spares that nobody holds any more stay: who had one last may come back to it. */
function claimSpares(observed: Observed, { paths, placed }: Omit<MapDiffOptions, 'answers'>): readonly RuntimeChange[] {
  const changes: RuntimeChange[] = [];
  const now = observed.maps.get('spare');
  if (now === undefined) return [];
  for (const [spare, holder] of placed.desired.maps.spare) {
    const before = now.get(spare);
    if (before === holder) continue;
    const build = before === undefined ? addMapCommand : setMapCommand;
    changes.push({
      change: {
        action: 'runtime',
        target: `spare.map ${spare}`,
        summary: `service goes live in spare backend ${spare}`,
        services: servicesOf(placed.desired.backends.get(spare)),
      },
      steps: [{ phase: 'claim', command: build(paths.spare, spare, holder), reply: '' }],
      entry: { map: 'spare', key: spare },
    });
  }
  return changes;
}

/**
 * A service with rules or filters changes its routes together with them: while the reload is due, its requests would meet the entries of
 * tomorrow and the rules of yesterday, and go where they must not, or nowhere.
 */
function backendsWithStructure({ desired, spares }: Placed): ReadonlySet<string> {
  const names = new Set([...desired.rules, ...desired.filters].map(({ backend }) => backend));
  for (const name of [...names]) {
    const spare = spares.get(name);
    if (spare !== undefined) names.add(spare);
  }
  return names;
}

function describeMove(before: string, backend: string): string {
  return backendOfTarget(before) === backend ? `of backend ${backend} changed` : `moved to backend ${backend}`;
}
