import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { controlSocketPath, innerSocketFolder } from '../settings.ts';
import { removeStaleSockets } from './stale-sockets.ts';

it('removes the sockets that a killed process left, and none that somebody listens on', async () => {
  const runDirectory = await mkdtemp(join(tmpdir(), 'sockets-'));
  const control = controlSocketPath(runDirectory);
  const inner = innerSocketFolder(runDirectory);
  await mkdir(dirname(control));
  await mkdir(inner);
  await removeStaleSockets({ runDirectory });
  leaveSocket(control);
  leaveSocket(join(inner, 'left.sock'));
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(inner, 'alive.sock'), resolve));
  try {
    await removeStaleSockets({ runDirectory });
    expect(await readdir(dirname(control))).toEqual([]);
    expect(await readdir(inner)).toEqual(['alive.sock']);
  } finally {
    server.close();
    await rm(runDirectory, { recursive: true });
  }
});

/** As after `kill -9`. */
function leaveSocket(path: string): void {
  const script =
    "require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))";
  try {
    execFileSync(process.execPath, ['--eval', script, path], { stdio: 'ignore' });
  } catch {
    // It was killed.
  }
}
