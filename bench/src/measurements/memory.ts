import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describeSize, type Size } from '../cluster/apps.ts';
import { findProgram } from '../find-program.ts';
import type { Measurement } from '../measurement.ts';
import { recordAnswer } from '../replay/record-answer.ts';
import { startReplay } from '../replay/start-replay.ts';
import { createDirectory } from '../stage/directory.ts';

const program = findProgram('memory-process');

/** What a process of ours says of its heap, after garbage collection. */
export interface HeapUse {
  /** Held by the parsed answer. */
  readonly parsedBytes: number;
  /** Held by source, pipeline and sink together, with the real HAProxy in step. */
  readonly runningBytes: number;
}

/** The slope between two sizes, so that what does not grow with the cluster is left out. */
export const memory: Measurement = {
  id: 'memory',
  title: 'Memory',
  async *measure({ full, signal, say }) {
    const small: Size = { apps: 100, tasks: 10 };
    const large: Size = { apps: full ? 1_000 : 400, tasks: 10 };
    say(describeSize(small));
    const before = await weigh(small, signal);
    say(describeSize(large));
    const after = await weigh(large, signal);
    const thousands = (large.apps * large.tasks - small.apps * small.tasks) / 1_000;
    const running = (after.runningBytes - before.runningBytes) / thousands / 1_000;
    const parsed = (after.parsedBytes - before.parsedBytes) / thousands / 1_000;
    yield {
      what: `heap per 1000 endpoints, ${describeSize(small)} to ${describeSize(large)}`,
      value: running,
      unit: 'kB',
      ratio: running / parsed,
      against: 'the parsed answer',
      samples: 1,
    };
  },
};

async function weigh(size: Size, signal: AbortSignal): Promise<HeapUse> {
  await using directory = await createDirectory();
  const answer = await recordAnswer(size, directory.path, signal);
  await using replay = await startReplay(answer, signal);
  const child = fork(program, [answer.path, replay.url, directory.path, String(size.apps)], {
    execArgv: ['--expose-gc'],
    signal,
  });
  child.on('error', () => {});
  let use: HeapUse | undefined;
  child.on('message', (message: HeapUse) => {
    use = message;
  });
  const [code] = await once(child, 'exit');
  if (use === undefined) throw new Error(`the process that is weighed ended with ${code} and said nothing`);
  return use;
}
