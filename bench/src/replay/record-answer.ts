import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeCluster, type Size } from '../cluster/apps.ts';
import { startCluster } from '../cluster/start-cluster.ts';

export interface RecordedAnswer {
  readonly path: string;
  readonly text: string;
}

/** What Marathon answers when everything is asked for, of a cluster whose tasks exist on paper only. */
export async function recordAnswer(size: Size, directory: string, signal: AbortSignal): Promise<RecordedAnswer> {
  await using cluster = await startCluster({ ...describeCluster(size, { liveTasks: false }), signal });
  const [url] = cluster.urls;
  const answer = await fetch(`${url}/v2/apps?embed=apps.tasks&embed=apps.readiness`, { signal });
  if (!answer.ok || answer.body === null) throw new Error(`reading the apps of the simulator: status ${answer.status}`);
  const path = join(directory, `apps-${size.apps}x${size.tasks}.json`);
  await pipeline(Readable.fromWeb(answer.body), createWriteStream(path), { signal });
  return { path, text: await readFile(path, 'utf8') };
}
