import { readFileSync } from 'node:fs';
import { createPipeline } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { marathon } from '@signalbox/source-marathon';
import { waitFor } from '@signalbox/testkit';
import { benchAddress } from '../stage/address.ts';
import type { HeapUse } from './memory.ts';

const [, , answerPath = '', url = '', directory = '', apps = ''] = process.argv;

/** Once is not enough: what a finalizer lets go is collected by the next one. */
async function measureHeap(): Promise<number> {
  for (let round = 0; round < 4; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return process.memoryUsage().heapUsed;
}

async function weighParsed(): Promise<number> {
  const before = await measureHeap();
  const parsed: unknown = JSON.parse(readFileSync(answerPath, 'utf8'));
  const bytes = (await measureHeap()) - before;
  if (parsed === undefined) throw new Error('nothing was parsed');
  return bytes;
}

async function weighRunning(): Promise<number> {
  const before = await measureHeap();
  const pipeline = createPipeline({
    sources: { marathon: marathon({ urls: [url], stream: 'off', pollIntervalMs: 3_600_000 }) },
    sinks: {
      haproxy: haproxy({ config: `${directory}/haproxy.cfg`, manage: { onExit: 'stop' }, bindAddress: benchAddress }),
    },
  });
  const stopping = new AbortController();
  const running = pipeline.run(stopping.signal);
  running.catch(() => {});
  const inSync = (): boolean =>
    pipeline.catalog?.services.size === Number(apps) && pipeline.status.sinks.haproxy?.health === 'in-sync';
  await waitFor(inSync, {
    timeoutMs: 120_000,
    intervalMs: 100,
    description: () => `HAProxy to be in step: ${JSON.stringify(pipeline.status.sinks)}`,
  });
  // The files follow a moment later.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const bytes = (await measureHeap()) - before;
  stopping.abort();
  await running;
  return bytes;
}

const use: HeapUse = { parsedBytes: await weighParsed(), runningBytes: await weighRunning() };
process.send?.(use);
process.disconnect();
