import { mapBounded } from '@signalbox/source-kit';
import { type RecordTable, sortAddresses } from '../records/record-table.ts';
import { parseServiceName } from '../records/service-name.ts';
import type { Lookup } from './lookup.ts';

/** Questions that are asked at the same time. */
const maxQuestions = 8;

/**
 * The part of the table that concerns these SRV names: their targets, the ports that these hold on their agents, and all addresses.
 * With the first question that fails all others end.
 *
 * @param names - of the task view
 */
export async function readNames(
  names: readonly string[],
  domain: string,
  createLookup: (signal: AbortSignal) => Lookup,
  signal: AbortSignal,
): Promise<RecordTable> {
  const ask = <Answer>(asked: Iterable<string>, question: (lookup: Lookup, name: string) => Promise<Answer>) =>
    mapBounded([...new Set(asked)], maxQuestions, signal, async (name, stop) => {
      return [name, await question(createLookup(stop), name)] as const;
    });
  const related = names.flatMap((name) => relatedNames(name, domain));
  const found = await ask(related, (lookup, name) => lookup.services(name));
  const services = new Map(found.filter(([, targets]) => targets.length > 0));
  const targets = found.flatMap(([, listed]) => listed.map(({ target }) => target));
  const hosts = targets.flatMap((target) => [target, ...agentNameOf(target, domain)]);
  const addresses = new Map(
    await ask([`leader.${domain}`, `slave.${domain}`, ...hosts], async (lookup, name) =>
      sortAddresses(await lookup.addresses(name)),
    ),
  );
  return { domain, services, addresses };
}

/** The name itself, and below `.slave` the name that lists all ports of the same tasks on their agents. */
function relatedNames(name: string, domain: string): readonly string[] {
  const bare = name.replace(/\.$/, '').toLowerCase();
  const parsed = parseServiceName(bare, domain);
  if (parsed === undefined) return [bare];
  // Below `.slave` every port is listed for both protocols, whatever the task says.
  return [bare, `_${parsed.task}._tcp.${parsed.framework}.slave.${domain}`];
}

/** `web-dgedz-s0.marathon.slave.mesos` of `web-dgedz-s0.marathon.mesos`. */
function agentNameOf(target: string, domain: string): readonly string[] {
  const suffix = `.${domain}`;
  if (!target.endsWith(suffix) || target.endsWith(`.slave${suffix}`)) return [];
  return [`${target.slice(0, -suffix.length)}.slave${suffix}`];
}
