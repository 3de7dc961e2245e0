import {
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  RECURSION_AVAILABLE,
  RECURSION_DESIRED,
  TRUNCATED_RESPONSE,
} from 'dns-packet';
import { questionNameOf } from '../records/question-name.ts';
import type { Zone } from '../zone.ts';
import { lookUp } from './look-up.ts';
import { type Message, packMessage, type ResourceRecord } from './pack-message.ts';

const response = 1 << 15;
/** Mesos-DNS keeps to this over UDP even with a client that offers more (it looks for the offer in its own reply); of 512 bytes it uses 511. */
const maxUdpBytes = 511;
const maxLabelBytes = 63;
const responseCodes = { noSuchName: 3, serverFailure: 2 };
/** Of what may be asked for; anything else is looked up in vain. */
const typeNumbers: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  AXFR: 252,
  ANY: 255,
};

export interface DnsRules {
  readonly transport: 'udp' | 'tcp';
  /** `SetTruncateBit`. */
  readonly setsTruncateBit: boolean;
}

/** The reply to one question; undefined where Mesos-DNS gives none. */
export function answerQuestion(
  query: DecodedPacket,
  zone: Zone,
  { transport, setsTruncateBit }: DnsRules,
): Buffer | undefined {
  const [question] = query.questions ?? [];
  if (question === undefined || query.type !== 'query') return undefined;
  const name = questionNameOf(question.name);
  if (!`.${name}`.endsWith(`.${zone.domain}.`)) return refuseQuestion(query);
  const { answers, authorities = [], additionals = [], isUnknown = false } = lookUp(name, question, zone);
  const reply: Message = {
    ...headOf(query),
    flags:
      response |
      AUTHORITATIVE_ANSWER |
      RECURSION_DESIRED |
      RECURSION_AVAILABLE |
      (isUnknown ? responseCodes.noSuchName : 0),
    answers,
    authorities,
    additionals,
  };
  // A label that is too long cannot be packed, and the client waits in vain.
  if (![...answers, ...additionals].every(fits)) return undefined;
  return transport === 'tcp' ? packMessage(reply) : cutOff(reply, setsTruncateBit);
}

/** `SERVFAIL`, as for names outside of the zone without a resolver that answers. */
export function refuseQuestion(query: DecodedPacket): Buffer {
  const flags = response | RECURSION_DESIRED | responseCodes.serverFailure;
  return packMessage({ ...headOf(query), flags, answers: [], authorities: [], additionals: [] });
}

function headOf({ id = 0, questions = [] }: DecodedPacket): Pick<Message, 'id' | 'question'> {
  const { name = '', type = 'A' } = questions[0] ?? {};
  return { id, question: { name, typeNumber: typeNumbers[type] ?? 0 } };
}

function cutOff(reply: Message, setsTruncateBit: boolean): Buffer {
  const whole = packMessage(reply);
  if (whole.length <= maxUdpBytes) return whole;
  const answers = [...reply.answers];
  const flags = reply.flags | (setsTruncateBit ? TRUNCATED_RESPONSE : 0);
  for (;;) {
    const packet = packMessage({ ...reply, flags, answers, additionals: [] });
    if (packet.length <= maxUdpBytes) return packet;
    answers.pop();
  }
}

function fits(record: ResourceRecord): boolean {
  const target = record.type === 'SRV' ? record.data.target : '';
  return [record.name, target].every((name) => name.split('.').every((label) => label.length <= maxLabelBytes));
}
