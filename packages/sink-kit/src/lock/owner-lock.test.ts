import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { acquireOwnerLock } from './owner-lock.ts';
import { identifyThisProcess, isProcessAlive } from './process-identity.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-lock-'));
  path = join(folder, 'owner.lock');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const own = identifyThisProcess();
const leave = (change: object): Promise<void> =>
  writeFile(path, JSON.stringify({ ...own, ownerId: 'other', token: 'x', ...change }));

describe('acquireOwnerLock', () => {
  test('a second owner is refused with the name of the first, until it lets go', async () => {
    const lock = await acquireOwnerLock({ path, ownerId: 'first' });
    await expect(acquireOwnerLock({ path, ownerId: 'second' })).rejects.toMatchObject({
      code: 'SINK_REFUSED',
      retryable: true,
      message: expect.stringContaining(`"first" (pid ${process.pid}`),
    });
    expect(await lock.isHeld()).toBe(true);
    await lock[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual([]);
    await (await acquireOwnerLock({ path, ownerId: 'second' }))[Symbol.asyncDispose]();
  });

  test('a lock of a process that ended is taken over', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.once('exit', resolve));
    await leave({ pid: child.pid });
    const lock = await acquireOwnerLock({ path, ownerId: 'me' });
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ ownerId: 'me', pid: process.pid });
    await lock[Symbol.asyncDispose]();
  });

  test('a pid that was given to another process does not keep the lock', async () => {
    await leave({ startTime: '1' });
    await (await acquireOwnerLock({ path, ownerId: 'me' }))[Symbol.asyncDispose]();
  });

  test('a lock from before the boot is taken over', async () => {
    await leave({ bootId: 'earlier' });
    await (await acquireOwnerLock({ path, ownerId: 'me' }))[Symbol.asyncDispose]();
  });

  test.each([
    { bootId: 'other', hostName: 'elsewhere' },
    { pidNamespace: 'pid:[1]', pid: 1 },
  ])('a holder that cannot be looked up counts by its heartbeat: %o', async (change) => {
    await leave(change);
    await expect(acquireOwnerLock({ path, ownerId: 'me' })).rejects.toMatchObject({ code: 'SINK_REFUSED' });
    const longAgo = new Date(Date.now() - 120_000);
    await utimes(path, longAgo, longAgo);
    await (await acquireOwnerLock({ path, ownerId: 'me' }))[Symbol.asyncDispose]();
  });

  test('many at once for a stale lock: one gets it', async () => {
    await leave({ startTime: '1' });
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => acquireOwnerLock({ path, ownerId: `${index}` })),
    );
    const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(locks).toHaveLength(1);
    expect(await locks[0]?.isHeld()).toBe(true);
    expect(await readdir(folder)).toEqual(['owner.lock']);
    await locks[0]?.[Symbol.asyncDispose]();
  });

  test('does not remove a lock that somebody else took', async () => {
    const lock = await acquireOwnerLock({ path, ownerId: 'first' });
    await leave({});
    expect(await lock.isHeld()).toBe(false);
    await lock[Symbol.asyncDispose]();
    expect(await readdir(folder)).toEqual(['owner.lock']);
  });

  test('a missing folder is named', async () => {
    await expect(acquireOwnerLock({ path: join(folder, 'no', 'lock'), ownerId: 'me' })).rejects.toMatchObject({
      code: 'SINK_UNREACHABLE',
    });
  });
});

test('a zombie is not alive', async () => {
  // The shell becomes a sleep that never waits for its child, which ends and stays as a zombie.
  const child = spawn('sh', ['-c', '(exit 0) & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const text = await new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve));
  await expect.poll(() => isProcessAlive(Number(text))).toBe(false);
  expect(isProcessAlive(child.pid as number)).toBe(true);
  child.kill();
});
