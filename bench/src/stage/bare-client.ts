import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { writeBare } from './bare-command.ts';

/** As the sink cuts its writes: HAProxy turns to its traffic between them. */
const commandsPerWrite = 200;
const timeoutMs = 20_000;

/**
 * The least that any control of HAProxy can do: it sends commands that were made before, counts the prompts that come back, and looks at no
 * reply. One connection, kept.
 */
export interface BareClient extends Disposable {
  run(commands: readonly string[]): Promise<void>;
}

export async function openBareClient(socketPath: string): Promise<BareClient> {
  const socket = createConnection(socketPath)
    .setEncoding('latin1')
    .setTimeout(timeoutMs, () => socket.destroy(new Error('no reply')));
  await once(socket, 'connect');
  await exchange(socket, ['prompt']);
  return {
    async run(commands) {
      for (let start = 0; start < commands.length; start += commandsPerWrite) {
        await exchange(socket, commands.slice(start, start + commandsPerWrite));
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

function exchange(socket: Socket, commands: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let missing = commands.length;
    let tail = '';
    const settle = (error?: Error): void => {
      socket.off('data', onData).off('error', settle).off('close', onClose);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onClose = (): void => settle(new Error('HAProxy closed the connection'));
    const onData = (chunk: string): void => {
      const text = tail + chunk;
      let end = 0;
      for (let at = text.indexOf('\n> '); at !== -1; at = text.indexOf('\n> ', end)) {
        missing -= 1;
        end = at + 3;
      }
      tail = text.slice(Math.max(end, text.length - 2));
      if (missing <= 0) settle();
    };
    socket.on('data', onData).on('error', settle).on('close', onClose);
    socket.write(`${commands.join('\n')}\n`);
  });
}

/** Commands that give each of so many backends one more server, as the sink adds it, and then read back what all servers are. */
export async function growCommands(socketPath: string, count: number, round: number): Promise<readonly string[]> {
  const backends = await listBackends(socketPath);
  const commands: string[] = [];
  for (const [index, backend] of backends.slice(0, count).entries()) {
    const server = `${backend}/e_bare_${round}`;
    const place = `127.0.57.${100 + round}:${10_000 + index}`;
    commands.push(`add server ${server} ${place} weight 1 pool-max-conn -1 pool-purge-delay 5s`);
    commands.push(`set server ${server} state ready`);
  }
  return [...commands, showServers];
}

/** Commands that give one server of each of so many backends another weight, and then read back what all servers are. */
export async function weighCommands(socketPath: string, count: number, round: number): Promise<readonly string[]> {
  const states = await writeBare(socketPath, showServers);
  const servers = new Map<string, string>();
  for (const row of states.split('\n')) {
    // be_id be_name srv_id srv_name and so on.
    const [, backend = '', , server] = row.split(' ');
    if (backend.startsWith('a_') && server !== undefined && !servers.has(backend)) servers.set(backend, server);
  }
  const weight = (round % 256) + 1;
  const commands = [...servers]
    .slice(0, count)
    .map(([name, server]) => `set server ${name}/${server} weight ${weight}`);
  return [...commands, showServers];
}

const showServers = 'show servers state';

async function listBackends(socketPath: string): Promise<readonly string[]> {
  const list = await writeBare(socketPath, 'show backend');
  return list.split('\n').filter((name) => name.startsWith('a_'));
}
