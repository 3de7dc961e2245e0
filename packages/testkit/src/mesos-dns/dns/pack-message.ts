import { isIPv6 } from 'node:net';

/** A resource record of the kinds that Mesos-DNS has. Names are without a dot at the end. */
export type ResourceRecord = { readonly name: string; readonly ttl: number } & (
  | { readonly type: 'A' | 'AAAA' | 'NS'; readonly data: string }
  | { readonly type: 'SRV'; readonly data: { readonly port: number; readonly target: string } }
  | {
      readonly type: 'SOA';
      readonly data: { readonly mname: string; readonly rname: string; readonly numbers: readonly number[] };
    }
);

export interface Message {
  readonly id: number;
  readonly flags: number;
  readonly question: { readonly name: string; readonly typeNumber: number };
  readonly answers: readonly ResourceRecord[];
  readonly authorities: readonly ResourceRecord[];
  readonly additionals: readonly ResourceRecord[];
}

const typeNumbers = { A: 1, NS: 2, SOA: 6, AAAA: 28, SRV: 33 } as const;
const internetClass = 1;
/** Weight of SRV records, `srvRecordDefaultWeight`. */
const weight = 1;

/**
 * A DNS message with compressed names, as Mesos-DNS sends it, so that as much fits into a datagram as there
 * (RFC 1035, section 4.1.4). Targets of SRV records are written out, and others may point to them.
 */
export function packMessage({ id, flags, question, answers, authorities, additionals }: Message): Buffer {
  const writer = new Writer();
  for (const word of [id, flags, 1, answers.length, authorities.length, additionals.length]) writer.word(word);
  writer.name(question.name);
  writer.word(question.typeNumber);
  writer.word(internetClass);
  for (const record of [...answers, ...authorities, ...additionals]) packRecord(writer, record);
  return writer.toBuffer();
}

function packRecord(writer: Writer, record: ResourceRecord): void {
  writer.name(record.name);
  writer.word(typeNumbers[record.type]);
  writer.word(internetClass);
  writer.long(record.ttl);
  writer.measured(() => {
    switch (record.type) {
      case 'A':
        return writer.bytes(record.data.split('.').map(Number));
      case 'AAAA':
        return writer.bytes(bytesOfIPv6(record.data));
      case 'NS':
        return writer.name(record.data);
      case 'SRV':
        for (const word of [0, weight, record.data.port]) writer.word(word);
        return writer.name(record.data.target, { compress: false });
      case 'SOA':
        writer.name(record.data.mname);
        writer.name(record.data.rname);
        for (const number of record.data.numbers) writer.long(number);
    }
  });
}

class Writer {
  readonly #bytes: number[] = [];
  readonly #offsets = new Map<string, number>();

  word(value: number): void {
    this.#bytes.push((value >> 8) & 0xff, value & 0xff);
  }

  long(value: number): void {
    this.word(Math.floor(value / 0x1_0000));
    this.word(value % 0x1_0000);
  }

  bytes(values: readonly number[]): void {
    this.#bytes.push(...values);
  }

  /** Writes data with its length in front. */
  measured(write: () => void): void {
    const start = this.#bytes.length;
    this.word(0);
    write();
    const length = this.#bytes.length - start - 2;
    this.#bytes[start] = length >> 8;
    this.#bytes[start + 1] = length & 0xff;
  }

  name(name: string, { compress }: { readonly compress: boolean } = { compress: true }): void {
    const labels = name.split('.');
    for (let index = 0; index < labels.length; index += 1) {
      const suffix = labels.slice(index).join('.');
      const known = this.#offsets.get(suffix);
      if (compress && known !== undefined) {
        this.word(0xc000 + known);
        return;
      }
      if (known === undefined && this.#bytes.length < 0x4000) this.#offsets.set(suffix, this.#bytes.length);
      const label = Buffer.from(labels[index] ?? '', 'utf8');
      this.#bytes.push(label.length, ...label);
    }
    this.#bytes.push(0);
  }

  toBuffer(): Buffer {
    return Buffer.from(this.#bytes);
  }
}

function bytesOfIPv6(text: string): readonly number[] {
  if (!isIPv6(text)) throw new RangeError(`"${text}" is no IPv6 address`);
  const [head = '', tail] = text.split('::');
  const groups = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const middle = Array.from({ length: 8 - front.length - back.length }, () => 0);
  return [...front, ...middle, ...back].flatMap((group) => [group >> 8, group & 0xff]);
}
