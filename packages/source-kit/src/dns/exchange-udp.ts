import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { DnsServer } from './dns-server.ts';
import { GarbageError } from './garbage-error.ts';
import { type DnsAnswer, type DnsQuestion, readMessage } from './message.ts';

/**
 * One question and its answer in one datagram each. The socket is connected, so that the system drops what others send;
 * what comes from the right address with another id or question is waited past, as a late or a forged answer must be.
 *
 * @param signal - ends the wait; its reason is thrown
 */
export function exchangeUdp(question: DnsQuestion, server: DnsServer, signal: AbortSignal): Promise<DnsAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = createSocket({ type: isIPv6(server.host) ? 'udp6' : 'udp4' });
    let sawGarbage = false;
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      // A connect that is under way may still fail.
      socket.on('error', () => {});
      socket.close();
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const onAbort = (): void => fail(sawGarbage ? new GarbageError(signal.reason) : signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', fail);
    socket.on('message', (packet) => {
      const reading = readMessage(packet, question);
      if (reading.kind === 'answer') finish(() => resolve(reading.answer));
      else if (reading.kind === 'garbage') sawGarbage = true;
    });
    socket.connect(server.port, server.host, () => socket.send(question.message));
  });
}
