import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';

export interface BlackHole extends AsyncDisposable {
  readonly port: number;
}

const listenAndStop = `
const server = require('node:net').createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  process.stdout.write(server.address().port + '\\n', () => process.kill(process.pid, 'SIGSTOP'));
});
`;

/** A port where connections neither come about nor are refused: a stopped process listens there, and its backlog is full. Dispose it. */
export async function startBlackHole(): Promise<BlackHole> {
  const child = spawn(process.execPath, ['-e', listenAndStop], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error('the black hole ended at once')));
    child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk)));
  });
  const fillers: Socket[] = [];
  // Linux takes one more than the backlog says, and from then on drops what asks.
  while (fillers.length < 8 && (await connects(port, fillers)));
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const filler of fillers) filler.destroy();
      child.removeAllListeners('exit');
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function connects(port: number, fillers: Socket[]): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    fillers.push(socket);
    const timer = setTimeout(() => resolve(false), 300);
    socket.on('error', () => {});
    socket.once('connect', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
