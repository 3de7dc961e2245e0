import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { decode } from 'dns-packet';
import { listenTogether } from '../../ports/listen.ts';

/** Resolves to the reply, or to undefined for silence. */
export type DnsHandler = (packet: Buffer, transport: 'udp' | 'tcp') => Promise<Buffer | undefined>;

/** A DNS server on one port of the loopback address, with UDP and TCP. */
export interface DnsListener {
  readonly port: number;
  close(): Promise<void>;
}

/** @param port - 0 for one that is free for both transports */
export async function openDnsServer(port: number, handle: DnsHandler): Promise<DnsListener> {
  const tcp = createServer({ allowHalfOpen: true });
  const udp = createSocket('udp4');
  try {
    return serve(await listenTogether(tcp, udp, { host: '127.0.0.1', port }), tcp, udp, handle);
  } catch (error) {
    tcp.close();
    udp.close();
    throw error;
  }
}

function serve(port: number, tcp: Server, udp: UdpSocket, handle: DnsHandler): DnsListener {
  const connections = new Set<Socket>();
  let isOpen = true;
  udp.on('message', async (packet, sender) => {
    const reply = await handle(packet, 'udp');
    if (reply !== undefined && isOpen) udp.send(reply, sender.port, sender.address);
  });
  // A client that closed its socket is reported here.
  udp.on('error', () => {});
  tcp.on('connection', (socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => socket.destroy());
    let pending = 0;
    let isEnded = false;
    const endWhenAnswered = (): void => {
      if (isEnded && pending === 0) socket.end();
    };
    socket.on('end', () => {
      isEnded = true;
      endWhenAnswered();
    });
    let received = Buffer.alloc(0);
    socket.on('data', async (chunk) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0);
        const packet = received.subarray(2, end);
        received = received.subarray(end);
        pending += 1;
        const reply = await handle(packet, 'tcp');
        pending -= 1;
        if (reply !== undefined && !socket.destroyed) {
          const prefix = Buffer.alloc(2);
          prefix.writeUInt16BE(reply.length);
          socket.write(Buffer.concat([prefix, reply]));
        }
        endWhenAnswered();
      }
    });
  });
  return {
    port,
    async close() {
      isOpen = false;
      for (const socket of connections) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => tcp.close(() => resolve())),
        new Promise<void>((resolve) => udp.close(() => resolve())),
      ]);
    },
  };
}

export function decodeQuery(packet: Buffer): ReturnType<typeof decode> | undefined {
  try {
    return decode(packet);
  } catch {
    return undefined;
  }
}
