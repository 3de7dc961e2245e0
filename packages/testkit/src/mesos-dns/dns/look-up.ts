import { shuffle } from '../records/shuffle.ts';
import type { Zone } from '../zone.ts';
import type { ResourceRecord } from './pack-message.ts';

export interface Sections {
  readonly answers: readonly ResourceRecord[];
  readonly authorities?: readonly ResourceRecord[];
  readonly additionals?: readonly ResourceRecord[];
  readonly isUnknown?: boolean;
}

/** What a reply holds. @param name - as it is looked up, with a dot at the end */
export function lookUp(name: string, asked: { readonly name: string; readonly type: string }, zone: Zone): Sections {
  const { table, ttlSeconds: ttl, domain } = zone;
  const addresses = (type: 'A' | 'AAAA', host: string): ResourceRecord[] =>
    shuffle(table.valuesOf(type, host)).map((data) => ({ type, name: withoutDot(host), ttl, data }));
  const services = shuffle(table.valuesOf('SRV', name)).map(splitTarget);
  // Owners of addresses are in lower case, those of services as they were asked for.
  const serviceRecords = (): ResourceRecord[] =>
    services.map(({ target, port }) => ({
      type: 'SRV',
      name: asked.name,
      ttl,
      data: { target: withoutDot(target), port },
    }));
  const ns: ResourceRecord = { type: 'NS', name: withoutDot(name), ttl, data: `ns1.${domain}` };

  switch (asked.type) {
    case 'SRV': {
      // One address of each kind for each target, whichever.
      const additionals = [...new Set(services.map(({ target }) => target))].flatMap((target) =>
        (['A', 'AAAA'] as const).flatMap((type) => addresses(type, target).slice(0, 1)),
      );
      return { answers: serviceRecords(), additionals };
    }
    case 'SOA':
      return { answers: [], authorities: [describeZone(name, zone)] };
    case 'NS':
      return { answers: [], authorities: [ns] };
    case 'ANY': {
      const answers = shuffle([...addresses('A', name), ...addresses('AAAA', name), ...serviceRecords()]);
      return { answers, authorities: [describeZone(name, zone), ns] };
    }
    default: {
      const { type } = asked;
      const answers = type === 'A' || type === 'AAAA' ? addresses(type, name) : [];
      if (answers.length > 0) return { answers };
      return { answers, authorities: [describeZone(name, zone)], isUnknown: !table.has(name) };
    }
  }
}

function describeZone(name: string, { domain, ttlSeconds: ttl, serial }: Zone): ResourceRecord {
  // The serial, then refresh, retry and expire by default, and the TTL in place of the minimum.
  const numbers = [serial, 60, 600, 86_400, ttl];
  return {
    type: 'SOA',
    name: withoutDot(name),
    ttl,
    data: { mname: `ns1.${domain}`, rname: `root.ns1.${domain}`, numbers },
  };
}

function splitTarget(value: string): { readonly target: string; readonly port: number } {
  const colon = value.lastIndexOf(':');
  return { target: value.slice(0, colon), port: Number(value.slice(colon + 1)) };
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, '');
}
