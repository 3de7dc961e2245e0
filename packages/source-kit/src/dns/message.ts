import { randomInt } from 'node:crypto';
import { type DecodedPacket, decode, encode, RECURSION_DESIRED } from 'dns-packet';

export type DnsType = 'A' | 'AAAA' | 'SRV' | 'SOA';

/** One record of an answer, with its data as `dns-packet` gives them for its type. */
export interface DnsRecord {
  /** Lower case, without a dot at the end. */
  readonly name: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly data: unknown;
}

export interface DnsAnswer {
  /** `NOERROR`, `NXDOMAIN`, `SERVFAIL`, `REFUSED` and so on. */
  readonly status: string;
  /** Whether there is more than was sent. */
  readonly truncated: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authorities: readonly DnsRecord[];
}

export interface DnsQuestion {
  readonly id: number;
  /** Lower case, without a dot at the end. */
  readonly name: string;
  readonly type: DnsType;
  readonly message: Buffer;
}

/** Longest label and name by RFC 1035, section 2.3.4. */
const maxLabelBytes = 63;
const maxNameBytes = 253;

/** @throws {RangeError} for a name that no DNS message can carry. */
export function createQuestion(name: string, type: DnsType): DnsQuestion {
  const normal = normalizeName(name);
  const labels = normal.split('.');
  const fits = labels.every((label) => label !== '' && Buffer.byteLength(label) <= maxLabelBytes);
  if (!fits || Buffer.byteLength(normal) > maxNameBytes) {
    throw new RangeError(`the name "${normal.slice(0, 80)}" does not fit into a DNS question`);
  }
  const id = randomInt(0x1_0000);
  const message = encode({
    type: 'query',
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name: normal, class: 'IN' }],
  });
  return { id, name: normal, type, message };
}

/** What a packet has to do with a question. */
export type Reading =
  | { readonly kind: 'answer'; readonly answer: DnsAnswer }
  /** The answer to another question, or to nobody's. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'garbage' };

/** Never throws, whatever the packet holds. */
export function readMessage(packet: Buffer, { id, name, type }: DnsQuestion): Reading {
  let message: DecodedPacket;
  try {
    message = decode(packet);
  } catch {
    return { kind: 'garbage' };
  }
  const [asked] = message.questions ?? [];
  const isOurs =
    message.type === 'response' &&
    message.id === id &&
    message.questions?.length === 1 &&
    asked?.type === type &&
    normalizeName(asked.name) === name;
  if (!isOurs) return { kind: 'foreign' };
  return {
    kind: 'answer',
    answer: {
      // Its types do not have the field that it sets.
      status: (message as unknown as { readonly rcode: string }).rcode,
      truncated: message.flag_tc,
      answers: readRecords(message.answers),
      authorities: readRecords(message.authorities),
    },
  };
}

/** DNS names are compared without regard to case, and with or without the dot of the root. */
export function normalizeName(name: string): string {
  return name.replace(/\.$/, '').toLowerCase();
}

function readRecords(records: DecodedPacket['answers']): DnsRecord[] {
  return (records ?? []).flatMap((record) =>
    record.type === 'OPT' || record.class !== 'IN'
      ? []
      : [{ name: normalizeName(record.name), type: record.type, ttlSeconds: record.ttl ?? 0, data: record.data }],
  );
}
