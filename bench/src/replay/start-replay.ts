import { fork } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../find-program.ts';
import type { RecordedAnswer } from './record-answer.ts';

/** A Marathon, in a process of its own, that gives one recorded answer to everything. Disposing ends it. */
export interface Replay extends AsyncDisposable {
  readonly url: string;
}

const program = findProgram('replay-process');

export async function startReplay({ path }: RecordedAnswer, signal: AbortSignal): Promise<Replay> {
  signal.throwIfAborted();
  const child = fork(program, [path], { signal, killSignal: 'SIGKILL' });
  child.on('error', () => {});
  const ended = once(child, 'exit').catch(() => {});
  const port = await Promise.race([
    once(child, 'message', { signal }).then(([message]) => Number(message)),
    ended.then(() => Promise.reject(new Error('the process that replays an answer ended'))),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
