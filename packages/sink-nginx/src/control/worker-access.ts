import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { SinkError } from '@signalbox/core';
import { innerSocketFolder, type Settings } from '../settings.ts';
import { findMaster } from './process.ts';

const tryTimeoutMs = 5_000;

export interface WorkerAccessOptions {
  /** The user of the workers where no option names one. */
  readonly defaultUser: string;
  /** Whether the folders of nginx are those that it runs with; else they are opened when it starts. */
  readonly isRunning: boolean;
  readonly signal: AbortSignal;
}

/**
 * When root starts nginx, its workers run as another user, who has to pass every folder above `pass/`, where TLS is passed through, and above the folders
 * for bodies that do not fit into memory.
 *
 * @throws {SinkError} SINK_REFUSED, with the first folder that is closed to them.
 */
export async function assertWorkersPass(
  settings: Settings,
  { defaultUser, isRunning, signal }: WorkerAccessOptions,
): Promise<void> {
  if (!(await isStartedByRoot(settings))) return;
  const name = settings.user ?? defaultUser;
  const user = await findUser(name);
  // Known to the system alone, such as one of a directory service; nginx itself says when there is none.
  if (user === undefined || user.uid === 0) return;
  const first = isRunning ? innerSocketFolder(settings.runDirectory) : dirname(settings.runDirectory);
  for (const folder of [...listFoldersAbove(first)].reverse()) {
    if ((await mayEnter(folder, user)) || (await canEnter(folder, user, signal))) continue;
    throw new SinkError(
      `the workers of nginx run as "${name}", who may not enter the folder ${JSON.stringify(folder)}`,
      {
        code: 'SINK_REFUSED',
        hint: `open it to them with \`chmod o+x\`, set \`runDirectory\` to a folder that is open to them, or set \`user\``,
      },
    );
  }
}

async function isStartedByRoot(settings: Settings): Promise<boolean> {
  const master = await findMaster(settings);
  if (master === undefined) return process.getuid?.() === 0;
  return (await stat(`/proc/${master}`).catch(() => undefined))?.uid === 0;
}

interface User {
  readonly uid: number;
  readonly gids: ReadonlySet<number>;
}

/** passwd(5) and group(5). Workers get the group of the same name, or where no option names a user nginx's own, and those that list the user. */
async function findUser(name: string): Promise<User | undefined> {
  const [, , uid, gid] = (await readTable('/etc/passwd')).find(([each]) => each === name) ?? [];
  const groups = (await readTable('/etc/group')).filter(
    ([each, , , members = '']) => each === name || members.split(',').includes(name),
  );
  if (uid === undefined) return undefined;
  return { uid: Number(uid), gids: new Set([gid, ...groups.map(([, , each]) => each)].map(Number)) };
}

async function readTable(path: string): Promise<readonly (readonly string[])[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.split(':'));
}

/** The folder itself first, the root last. */
function* listFoldersAbove(folder: string): Generator<string> {
  yield folder;
  if (dirname(folder) !== folder) yield* listFoldersAbove(dirname(folder));
}

/** By the mode of the folder. What is not there is made by us. */
async function mayEnter(folder: string, { uid, gids }: User): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return true;
  if (found.uid === uid) return (found.mode & 0o100) !== 0;
  return (found.mode & (gids.has(found.gid) ? 0o010 : 0o001)) !== 0;
}

/** By an attempt, which knows of access lists, too. Only root may make it. */
async function canEnter(folder: string, { uid }: User, signal: AbortSignal): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  try {
    await promisify(execFile)('test', ['-x', folder], { uid, cwd: '/', signal, timeout: tryTimeoutMs });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
