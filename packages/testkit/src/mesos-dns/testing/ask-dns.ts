import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { type DecodedPacket, decode, encode, type RecordType } from 'dns-packet';

/** Asks a DNS server one question; undefined when it does not answer within 300 ms. */
export async function askDns(
  server: string,
  name: string,
  type: string,
  transport: 'udp' | 'tcp' = 'udp',
): Promise<(DecodedPacket & { readonly size: number; readonly rcode: string }) | undefined> {
  const [host = '', port = ''] = server.split(':');
  const message = encode({ type: 'query', id: 4711, flags: 1 << 8, questions: [{ name, type: type as RecordType }] });
  const reply =
    transport === 'udp' ? await overUdp(message, host, Number(port)) : await overTcp(message, host, Number(port));
  return reply === undefined ? undefined : ({ ...decode(reply), size: reply.length } as never);
}

async function overUdp(message: Buffer, host: string, port: number): Promise<Buffer | undefined> {
  const socket = createSocket('udp4');
  try {
    socket.send(message, port, host);
    const [reply] = await once(socket, 'message', { signal: AbortSignal.timeout(300) });
    return reply as Buffer;
  } catch {
    return undefined;
  } finally {
    socket.close();
  }
}

async function overTcp(message: Buffer, host: string, port: number): Promise<Buffer> {
  const socket = createConnection({ host, port });
  const prefix = Buffer.alloc(2);
  prefix.writeUInt16BE(message.length);
  socket.end(Buffer.concat([prefix, message]));
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).subarray(2);
}
