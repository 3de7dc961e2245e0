import { readdir, readFile } from 'node:fs/promises';

/** Milliseconds that all threads of a process have run. Linux counts them in nanoseconds (Documentation/scheduler/sched-stats.rst). */
export async function readProcessorTimeMs(pid: number): Promise<number> {
  const folder = `/proc/${pid}/task`;
  const texts = await Promise.all(
    (await readdir(folder)).map((thread) => readFile(`${folder}/${thread}/schedstat`, 'utf8')),
  );
  return texts.reduce((sum, text) => sum + Number(text.split(' ', 1)[0]) / 1_000_000, 0);
}
