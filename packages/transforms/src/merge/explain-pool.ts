import type { Pool } from './build-pool.ts';
import type { Level, Role } from './levels.ts';
import type { Member } from './members.ts';

/** Lines about a service that belongs to a pool. */
export function explainPool(pool: Pool, position: number, serviceId: string): readonly string[] {
  const reason = [...pool.leftOut].find(([{ id }]) => id === serviceId)?.[1];
  const place = `pool ${position + 1}`;
  if (reason !== undefined) return [`${place} leaves it out: ${reason}`];
  const { merged, joined } = pool;
  if (serviceId !== merged.id) return [`${place} joins it to ${JSON.stringify(merged.id)}`];
  const primary = joined[0]?.service;
  const renames = primary?.name === merged.name ? [] : [`${place} calls it ${JSON.stringify(merged.name)}`];
  if (joined.length < 2) return renames;
  const parts = joined.map((member) => `${JSON.stringify(member.service.id)} (${describePart(member, pool)})`);
  return [
    `${place} is made of ${parts.join(' and ')}; id, routes, port and policies are those of the first`,
    ...renames,
  ];
}

const roleWords: Readonly<Record<Role, string>> = {
  active: '',
  backup: 'backup, ',
  resting: 'resting until it is needed, ',
};

function describePart({ service }: Member, { levels, merged }: Pool): string {
  const level = levels.find(({ candidates }) => candidates.some((candidate) => candidate.service === service.id));
  if (level === undefined) return 'no endpoints';
  const count = level.candidates.filter((candidate) => candidate.service === service.id).length;
  const share = level.role === 'active' ? `${shareOf(service.id, levels, merged)} %, ` : '';
  return `${share}${roleWords[level.role]}${count} ${count === 1 ? 'endpoint' : 'endpoints'}`;
}

/** Percent of the traffic, as the weights spread it over all endpoints that take some. */
function shareOf(serviceId: string, levels: readonly Level[], { endpoints }: Pool['merged']): number {
  const isActive = new Map(
    levels.flatMap(({ candidates, role }) => candidates.map((candidate) => [candidate.service, role === 'active'])),
  );
  let total = 0;
  let own = 0;
  for (const { draining, weight = 1, metadata } of endpoints) {
    if (draining === true || !isActive.get(metadata?.origin ?? '')) continue;
    total += weight;
    if (metadata?.origin === serviceId) own += weight;
  }
  return total === 0 ? 0 : Math.round((1_000 * own) / total) / 10;
}
