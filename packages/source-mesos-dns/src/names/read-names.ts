import { setMaxListeners } from 'node:events';
import { type Deadline, startDeadline } from '@signalbox/source-kit';
import { type RecordTable, type ServiceTarget, sortAddresses } from '../records/record-table.ts';
import { parseServiceName } from '../records/service-name.ts';
import type { Lookup } from './lookup.ts';

/** Questions that are asked at the same time. */
const maxQuestions = 8;

/** Each question has listeners of its own for the abort. */
const maxListeners = 8 * maxQuestions;

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
  using stop = startDeadline(signal);
  setMaxListeners(maxListeners, stop.signal);
  const lookup = createLookup(stop.signal);
  const services = new Map<string, readonly ServiceTarget[]>();
  await eachOf(new Set(names.flatMap((name) => relatedNames(name, domain))), stop, async (name) => {
    const targets = await lookup.services(name);
    if (targets.length > 0) services.set(name, targets);
  });
  const addresses = new Map<string, readonly string[]>();
  const targets = [...services.values()].flatMap((found) => found.map(({ target }) => target));
  const hosts = targets.flatMap((target) => [target, ...agentNameOf(target, domain)]);
  await eachOf(new Set([`leader.${domain}`, `slave.${domain}`, ...hosts]), stop, async (name) => {
    addresses.set(name, sortAddresses(await lookup.addresses(name)));
  });
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

async function eachOf(
  items: ReadonlySet<string>,
  stop: Deadline,
  visit: (item: string) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const work = async (): Promise<void> => {
    try {
      // The workers share one iterator, so each item is taken once.
      for (const item of waiting) await visit(item);
    } catch (error) {
      stop.abort(error);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxQuestions, items.size) }, work));
  // The first error is the reason; those that it caused say nothing more.
  stop.signal.throwIfAborted();
}
