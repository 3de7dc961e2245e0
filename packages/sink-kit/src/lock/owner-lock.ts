import { randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { SinkError } from '@signalbox/core';
import { systemCode, toFileError } from '../files/file-error.ts';
import { findFate, identifyThisProcess, type ProcessIdentity } from './process-identity.ts';

export interface OwnerLockOptions {
  /** The lock file. Its folder must exist. */
  readonly path: string;
  /** Who we are, for the message that the other one gets. */
  readonly ownerId: string;
}

export interface OwnerLock {
  readonly path: string;
  /** False once somebody removed or replaced the file. */
  isHeld(): Promise<boolean>;
  /** Removes the lock file, if it is still ours. */
  [Symbol.asyncDispose](): Promise<void>;
}

interface LockContent extends ProcessIdentity {
  readonly ownerId: string;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** How often the holder touches the file, for those who cannot see its process (another container or machine). */
const heartbeatMs = 10_000;
/** After this long without a touch such a lock counts as left behind. */
const heartbeatTimeoutMs = 60_000;

/**
 * Makes two Signalboxes on one target see each other. A lock whose process is gone is taken over.
 *
 * @throws {SinkError} SINK_REFUSED (retryable) while another process holds it; SINK_UNREACHABLE when there is no folder.
 */
export async function acquireOwnerLock({ path, ownerId }: OwnerLockOptions): Promise<OwnerLock> {
  const own: LockContent = { ownerId, token: randomBytes(8).toString('hex'), ...identifyThisProcess() };
  // The second attempt follows the removal of a stale lock, the third a lost race for it.
  for (let attempt = 0; attempt < 3; attempt += 1) {
    if (await createLockFile(path, own)) return holdLock(path, own);
    const found = await readLock(path);
    if (found === undefined) continue;
    if (!(await isStale(path, found.content, own))) throw refuse(path, found.content);
    await removeStale(path, found.text);
  }
  throw refuse(path, (await readLock(path))?.content);
}

function holdLock(path: string, own: LockContent): OwnerLock {
  /** Of the file when it was last read and was ours: while it is the same, one look at it is enough, since a sink asks with every change. */
  let ownStamp: string | undefined;
  const isHeld = async (): Promise<boolean> => {
    const stamp = stampOf(path);
    if (stamp !== undefined && stamp === ownStamp) return true;
    ownStamp = undefined;
    const held = (await readLock(path))?.content?.token === own.token;
    if (held) ownStamp = stamp;
    return held;
  };
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  return {
    path,
    isHeld,
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      if (await isHeld()) await rm(path, { force: true });
    },
  };
}

/**
 * Names one state of the file; undefined when it cannot be looked at. Not by the thread pool: every change waits for this, it takes 3 µs, and
 * there it would queue behind files that are being written.
 */
function stampOf(path: string): string | undefined {
  try {
    const { ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs} ${ctimeNs}`;
  } catch {
    return undefined;
  }
}

/** False when there is one already. By a link, so that nobody ever sees a lock without content. */
async function createLockFile(path: string, own: LockContent): Promise<boolean> {
  const temporary = `${path}.${own.token}`;
  try {
    await writeFile(temporary, `${JSON.stringify(own)}\n`, { flag: 'wx', mode: 0o644 });
    await link(temporary, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw toFileError(error, 'taking the lock', path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Undefined when there is no lock; no content when it is not one of ours to read. */
async function readLock(path: string): Promise<{ text: string; content: LockContent | undefined } | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw toFileError(error, 'reading the lock', path);
  }
  try {
    return { text, content: JSON.parse(text) as LockContent };
  } catch {
    return { text, content: undefined };
  }
}

async function isStale(path: string, content: LockContent | undefined, own: LockContent): Promise<boolean> {
  const fate = content === undefined ? 'unknown' : findFate(content, own);
  if (fate !== 'unknown') return fate === 'dead';
  const touchedAtMs = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  return Date.now() - touchedAtMs > heartbeatTimeoutMs;
}

/** Moves it away first: what two processes judged stale, only one of them can move, and a lock made meanwhile is put back. */
async function removeStale(path: string, judgedText: string): Promise<void> {
  const moved = `${path}.${randomBytes(8).toString('hex')}.stale`;
  try {
    await rename(path, moved);
    if ((await readFile(moved, 'utf8')) !== judgedText) await link(moved, path);
  } catch (error) {
    const code = systemCode(error);
    if (code !== 'ENOENT' && code !== 'EEXIST') throw toFileError(error, 'taking over the lock', path);
  } finally {
    await rm(moved, { force: true });
  }
}

function refuse(path: string, holder: LockContent | undefined): SinkError {
  const who = holder === undefined ? 'somebody' : `"${holder.ownerId}" (pid ${holder.pid} on ${holder.hostName})`;
  return new SinkError(`taking the lock "${path}": ${who} holds it`, {
    code: 'SINK_REFUSED',
    retryable: true,
    hint: 'let only one Signalbox manage this target; stop the other one, or give this one another target',
  });
}
