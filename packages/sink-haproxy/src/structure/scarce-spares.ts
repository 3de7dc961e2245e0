import type { Observed } from '../observed/model.ts';
import type { Placement } from './place-backends.ts';
import type { RunningStructure } from './structure-map.ts';

/** Less than this share of a profile's spares is few. */
const fewShare = 1 / 4;

/** The first profile with few spares left, in words for a reload; undefined when there are enough of each, or none is ever needed. */
export function describeScarceSpares(
  running: RunningStructure,
  { backends, servers, addsBackends }: Observed,
  { spares }: Pick<Placement, 'spares'>,
): string | undefined {
  if (addsBackends) return undefined;
  const held = new Set(spares.values());
  const counts = new Map<string, { total: number; free: number }>();
  for (const name of running.spares.keys()) {
    const profile = name.slice(name.indexOf('_') + 1, name.lastIndexOf('_'));
    const count = counts.get(profile) ?? { total: 0, free: 0 };
    counts.set(profile, count);
    count.total += 1;
    if (backends.has(name) && !held.has(name) && (servers.get(name)?.size ?? 0) === 0) count.free += 1;
  }
  for (const [profile, { total, free }] of counts) {
    if (free < total * fewShare) return `few spares are left of profile ${profile} (${free} of ${total})`;
  }
  return undefined;
}
