import { readdir, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { controlSocketPath, innerSocketFolder, type Settings } from '../settings.ts';

/**
 * A killed process leaves its sockets behind, and nginx does not start where one is, whoever starts it. Only those that nobody listens on go: the pid
 * file tells less, since nginx writes it after it has bound its sockets, and an nginx without its control socket could not be spoken to any more.
 */
export async function removeStaleSockets({ runDirectory }: Pick<Settings, 'runDirectory'>): Promise<void> {
  const folder = innerSocketFolder(runDirectory);
  const inner = await readdir(folder).catch((): string[] => []);
  for (const path of [controlSocketPath(runDirectory), ...inner.map((name) => join(folder, name))]) {
    if (await isStale(path)) await rm(path, { force: true });
  }
}

/** Only a refused connection says that nobody listens (connect(2)): a full queue, missing rights and a missing file are other errors. */
function isStale(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}
