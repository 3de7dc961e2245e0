import { rename } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { join } from 'node:path';

/** Stands between sinks that are created from now on and the runtime socket, until the next reload binds that anew. Dispose it. */
export interface Relay extends AsyncDisposable {
  /** How many were opened. */
  readonly connections: number;
  /** What was written to HAProxy since the last call, one list of commands for each write. */
  take(): readonly (readonly string[])[];
  /** From now on what it gives reaches HAProxy in place of each command. */
  rewrite(rewriting: (command: string) => string): void;
}

/** So that time passes in a transaction. */
const replyDelayMs = 5;

export async function startRelay(directory: string): Promise<Relay> {
  const path = join(directory, 'signalbox', 'runtime.sock');
  const behind = join(directory, 'signalbox', 'relayed.sock');
  await rename(path, behind);
  const sockets = new Set<Socket>();
  let connections = 0;
  let writes: string[][] = [];
  let rewriting = (command: string): string => command;
  const server = createServer((near) => {
    connections += 1;
    const far = createConnection(behind);
    // A write of a sink arrives as one chunk: it is smaller than the buffers, and the next one waits for the replies.
    near.on('data', (chunk: Buffer) => {
      const lines = chunk.toString().trimEnd().split('\n');
      writes.push(lines);
      far.write(`${lines.map((line) => rewriting(line)).join('\n')}\n`);
    });
    near.on('end', () => far.end());
    far.on('data', (chunk: Buffer) => setTimeout(() => near.write(chunk), replyDelayMs));
    far.on('end', () => setTimeout(() => near.end(), replyDelayMs));
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    get connections() {
      return connections;
    },
    take() {
      const taken = writes;
      writes = [];
      return taken;
    },
    rewrite(next) {
      rewriting = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
