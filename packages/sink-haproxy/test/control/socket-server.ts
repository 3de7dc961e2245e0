import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket that answers as other versions of HAProxy do, or not at all. Dispose it. */
export interface SocketServer extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
}

/** `answer` gets each line, and the socket for what is more than an answer. */
export async function serveSocket(answer: (line: string, socket: Socket) => string | undefined): Promise<SocketServer> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-socket-'));
  const path = join(folder, 'runtime.sock');
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.setEncoding('utf8'));
    let rest = '';
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const text = answer(line, socket);
        if (text !== undefined && socket.writable) socket.write(text);
      }
    });
    socket.on('end', () => socket.end());
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    folder,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
