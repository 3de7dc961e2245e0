import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Answer, decode, encode, type Packet, TRUNCATED_RESPONSE } from 'dns-packet';
import { listenTogether } from '../ports/listen.ts';

/** Gives the packets to send back for a question, in this order; none for silence. */
export type Respond = (query: ReturnType<typeof decode>, transport: 'udp' | 'tcp') => readonly Buffer[];

/** A DNS server that answers whatever a test wants. */
export interface FakeDns extends AsyncDisposable {
  readonly server: { readonly host: string; readonly port: number };
  readonly questions: string[];
}

/** @param port - for both transports; default one that is free */
export async function startFakeDns(respond: Respond, port = 0): Promise<FakeDns> {
  const questions: string[] = [];
  const sockets = new Set<Socket>();
  const ask = (packet: Buffer, transport: 'udp' | 'tcp'): readonly Buffer[] => {
    const query = decode(packet);
    questions.push(`${transport} ${query.questions?.[0]?.type} ${query.questions?.[0]?.name}`);
    return respond(query, transport);
  };
  const tcp = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      for (const packet of ask(chunk.subarray(2), 'tcp')) socket.write(packet);
    });
  });
  const udp = createSocket('udp4');
  udp.on('message', (packet, sender) => {
    for (const reply of ask(packet, 'udp')) udp.send(reply, sender.port, sender.address);
  });
  const host = '127.0.0.1';
  const chosen = await listenTogether(tcp, udp, { host, port });
  return {
    server: { host, port: chosen },
    questions,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      udp.close();
      tcp.close();
      await once(tcp, 'close');
    },
  };
}

/** A reply as a server would send it. */
export function reply(
  query: ReturnType<typeof decode>,
  answers: readonly Answer[],
  more: Partial<Packet> = {},
): Buffer {
  const { id = 0, questions = [] } = query;
  return encode({ type: 'response', id, questions, answers: [...answers], ...more });
}

export function cutOffReply(query: ReturnType<typeof decode>): Buffer {
  return reply(query, [], { flags: TRUNCATED_RESPONSE });
}

/** With the length in front, as over TCP. */
export function framed(packet: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(packet.length);
  return Buffer.concat([length, packet]);
}
