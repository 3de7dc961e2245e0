import { createConnection } from 'node:net';
import type { DnsServer } from './dns-server.ts';
import { GarbageError } from './garbage-error.ts';
import { type DnsAnswer, type DnsQuestion, readMessage } from './message.ts';

/** RFC 1035, section 4.2.2: two bytes of length, then the message. */
const prefixBytes = 2;

/**
 * One question and its answer over a connection of its own. An answer has at most 65535 bytes, because its length has two.
 *
 * @param signal - ends the wait; its reason is thrown
 */
export function exchangeTcp(question: DnsQuestion, server: DnsServer, signal: AbortSignal): Promise<DnsAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const socket = createConnection({ host: server.host, port: server.port });
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    const finish = (settle: () => void): void => {
      signal.removeEventListener('abort', onAbort);
      socket.removeAllListeners();
      socket.on('error', () => {});
      socket.destroy();
      settle();
    };
    const fail = (error: unknown): void => finish(() => reject(error));
    const onAbort = (): void => fail(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('error', fail);
    socket.on('close', () => fail(receivedBytes === 0 ? new Error('it closed the connection') : new GarbageError()));
    socket.on('connect', () => {
      const prefix = Buffer.alloc(prefixBytes);
      prefix.writeUInt16BE(question.message.length);
      socket.write(Buffer.concat([prefix, question.message]));
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      receivedBytes += chunk.length;
      if (receivedBytes < prefixBytes) return;
      const received = Buffer.concat(chunks, receivedBytes);
      chunks.splice(0, chunks.length, received);
      const endBytes = prefixBytes + received.readUInt16BE(0);
      if (receivedBytes < endBytes) return;
      const reading = readMessage(received.subarray(prefixBytes, endBytes), question);
      // On a connection of our own nobody else's answer can come.
      if (reading.kind === 'answer') finish(() => resolve(reading.answer));
      else fail(new GarbageError());
    });
  });
}
