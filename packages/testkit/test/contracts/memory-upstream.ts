import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Population, SourceFault } from '../../src/contracts/source/source-harness.ts';

/** A real server on the loopback address, so that sources of the contract's own tests have sockets to leave open. */
export interface MemoryUpstream {
  readonly port: number;
  setServices(population: Population): Promise<void>;
  fail(fault: SourceFault): Promise<void>;
  recover(): Promise<void>;
  loseEvents(): Promise<void>;
  stop(): Promise<void>;
}

/** Sends each client its state as a line of JSON, at once and after every change; `null` stands for refused credentials. */
export async function startMemoryUpstream(): Promise<MemoryUpstream> {
  const sockets = new Set<Socket>();
  let population: Population = {};
  let fault: SourceFault | undefined;
  let announces = true;

  const greet = (socket: Socket): void => {
    if (fault === 'unreachable') socket.destroy();
    else if (fault === 'error') socket.end('error\n');
    else if (fault === 'garbage') socket.write('<html>\n');
    else if (fault === 'unauthorized') socket.end('null\n');
    else if (fault === undefined) socket.write(`${JSON.stringify(population)}\n`);
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // Any byte is a question for the state.
    socket.on('data', () => greet(socket));
    greet(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    port: (server.address() as AddressInfo).port,
    async setServices(next) {
      population = next;
      if (announces && fault === undefined) for (const socket of sockets) greet(socket);
    },
    async fail(next) {
      fault = next;
      for (const socket of sockets) greet(socket);
    },
    async recover() {
      fault = undefined;
    },
    async loseEvents() {
      announces = false;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
