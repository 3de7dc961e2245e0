import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { promisify } from 'node:util';

const timeoutMs = 5_000;

/** One command on a connection of its own, without a look at what came of it: the least that any control of HAProxy can cost. */
export async function writeBare(socketPath: string, command: string): Promise<string> {
  const socket = createConnection(socketPath)
    .setEncoding('utf8')
    .setTimeout(timeoutMs, () => socket.destroy(new Error('no reply')));
  let reply = '';
  socket.on('data', (text: string) => {
    reply += text;
  });
  socket.write(`${command}\n`);
  await once(socket, 'end');
  socket.destroy();
  return reply;
}

/** The same by one process of `socat`, as scripts do it. */
export async function writeBySocat(socketPath: string, command: string): Promise<string> {
  const running = promisify(execFile)('socat', ['stdio', `unix-connect:${socketPath}`], { timeout: timeoutMs });
  running.child.stdin?.end(`${command}\n`);
  return (await running).stdout;
}

/** A command that changes a server and leaves it as it was: its weight is set to the whole of its weight. */
export async function findHarmlessCommand(socketPath: string): Promise<string> {
  // Management guide, "show servers state": a version, a head line, then be_id be_name srv_id srv_name and so on.
  const state = await writeBare(socketPath, 'show servers state');
  const [, , first = ''] = state.split('\n');
  const [, backend, , server] = first.split(' ');
  if (backend === undefined || server === undefined) throw new Error(`HAProxy has no server: ${state}`);
  return `set server ${backend}/${server} weight 100%`;
}
