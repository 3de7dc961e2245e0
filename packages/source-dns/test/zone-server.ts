import { type FakeDns, framed, reply, startFakeDns } from '@signalbox/testkit/dns';

type Query = Parameters<typeof reply>[0];
type Records = Parameters<typeof reply>[1];

const codes = { noSuchName: 3, serverFailure: 2 } as const;

/** What a name says: its records, or that it is not there, or that the server cannot tell; or nothing at all. */
export type Entry = Records | keyof typeof codes | 'silence' | 'garbage';

/** A DNS server with one zone, which a test changes as it likes. Names that are not in it are not there. */
export interface ZoneServer extends AsyncDisposable {
  /** As the option `servers` takes it. */
  readonly address: string;
  readonly questions: readonly string[];
  /** By type and name, such as `SRV _http._tcp.shop.example`. */
  set(question: string, entry: Entry): void;
  /** Says the same to all questions until it is called without. */
  setAll(entry?: Entry): void;
  close(): Promise<void>;
  open(): Promise<void>;
}

export async function startZoneServer(entries: Readonly<Record<string, Entry>> = {}): Promise<ZoneServer> {
  const zone = new Map(Object.entries(entries));
  let forced: Entry | undefined;
  const respond = (query: Query, transport: 'udp' | 'tcp'): readonly Buffer[] => {
    const [{ name = '', type = '' } = {}] = query.questions ?? [];
    const entry = forced ?? zone.get(`${type} ${name}`) ?? (hasName(name) ? [] : 'noSuchName');
    if (entry === 'silence') return [];
    if (entry === 'garbage') return [Buffer.from('this is no DNS message at all')];
    const packet = typeof entry === 'string' ? reply(query, [], { flags: codes[entry] }) : reply(query, entry);
    return [transport === 'tcp' ? framed(packet) : packet];
  };
  const hasName = (name: string): boolean => [...zone.keys()].some((key) => key.endsWith(` ${name}`));
  let fake: FakeDns | undefined = await startFakeDns(respond);
  const { port } = fake.server;
  const { questions } = fake;
  const close = async (): Promise<void> => {
    const open = fake;
    fake = undefined;
    await open?.[Symbol.asyncDispose]();
  };
  return {
    address: `127.0.0.1:${port}`,
    questions,
    set: (question, entry) => void zone.set(question, entry),
    setAll: (entry) => {
      forced = entry;
    },
    close,
    async open() {
      fake ??= await startFakeDns(respond, port);
    },
    [Symbol.asyncDispose]: close,
  };
}

export function srv(
  name: string,
  target: string,
  port: number,
  more: { priority?: number; weight?: number; ttl?: number } = {},
) {
  const { ttl = 0, priority = 0, weight = 0 } = more;
  return { type: 'SRV', name, ttl, data: { target, port, priority, weight } } as const;
}

export function a(name: string, address: string, ttl = 0) {
  return { type: 'A', name, ttl, data: address } as const;
}

export function aaaa(name: string, address: string, ttl = 0) {
  return { type: 'AAAA', name, ttl, data: address } as const;
}
