import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { listen, stopListening } from '../../ports/listen.ts';
import type { FaultBoard } from '../faults/fault-board.ts';

export interface Master {
  /** `host:port`, as a leader announces itself. */
  readonly address: string;
  readonly origin: string;
  readonly faults: FaultBoard;
  /** Follows the fault `refuse`: closes the listener and all connections, or listens on its port again. */
  setRefusing(refusing: boolean): void;
  /** Resolves when the listener is as it should be. */
  ready(): Promise<void>;
  destroyConnections(): void;
  close(): Promise<void>;
}

export interface MasterOptions {
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | undefined;
  readonly faults: FaultBoard;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

const host = '127.0.0.1';

/** Opens the HTTP server of one Marathon node. */
export async function openMaster(options: MasterOptions): Promise<Master> {
  const connections = new Set<Socket>();
  const listener: RequestListener = (request, response) => {
    // A client that goes away while it is answered is no failure of the node.
    options.handle(request, response).catch(() => response.destroy());
  };
  const server = options.tls === undefined ? createHttpServer(listener) : createHttpsServer(options.tls, listener);
  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  const port = await listen(server, { host, port: options.port });
  const destroyConnections = () => {
    for (const socket of connections) socket.destroy();
  };
  const address = `${host}:${port}`;
  let refusing = false;
  let transition: Promise<void> = Promise.resolve();
  const follow = async () => {
    if (refusing === !server.listening) return;
    if (refusing) {
      const stopped = stopListening(server);
      destroyConnections();
      await stopped;
    } else {
      await listen(server, { host, port });
    }
  };
  return {
    address,
    origin: `${options.tls === undefined ? 'http' : 'https'}://${address}`,
    faults: options.faults,
    setRefusing(wanted) {
      refusing = wanted;
      transition = transition.then(follow);
    },
    ready: () => transition,
    destroyConnections,
    async close() {
      refusing = true;
      transition = transition.then(follow);
      await transition;
    },
  };
}
