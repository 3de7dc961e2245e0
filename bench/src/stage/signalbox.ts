import { join } from 'node:path';
import { createPipeline, type PipelineEvent } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { marathon } from '@signalbox/source-marathon';
import type { Contestant, ContestantTask, RunningContestant } from '../measurement.ts';

export interface SignalboxOptions {
  readonly name: string;
  /** Without the waits that gather changes: what is left is work. */
  readonly immediate: boolean;
}

export interface RunningSignalbox extends RunningContestant {
  /** Whether the newest catalog is applied. */
  readonly inSync: boolean;
}

export interface SignalboxContestant extends Contestant {
  start(task: ContestantTask): Promise<RunningSignalbox>;
}

/** The real source and the real sink, as `signalbox run` puts them together, in this process. */
export function signalbox({ name, immediate }: SignalboxOptions): SignalboxContestant {
  return {
    name,
    async start({ marathonUrls, address, portRange, directory, signal }) {
      const pipeline = createPipeline({
        sources: { marathon: marathon({ urls: marathonUrls, ...(immediate ? { coalesceMs: 0 } : {}) }) },
        sinks: {
          haproxy: haproxy({
            config: join(directory, 'haproxy.cfg'),
            manage: { onExit: 'stop' },
            bindAddress: address,
            ...(portRange === undefined ? {} : { portRanges: [portRange] }),
          }),
        },
        ...(immediate ? { settle: { minMs: 0, maxMs: 0 } } : {}),
      });
      let reloads = 0;
      const events: PipelineEvent[] = [];
      pipeline.subscribe((event) => {
        events.push(event);
        if (events.length > 8) events.shift();
        if (event.type === 'sink-apply') reloads += event.changes.filter(({ action }) => action === 'reload').length;
      });
      const stopping = new AbortController();
      const running = pipeline.run(AbortSignal.any([stopping.signal, signal]));
      running.catch(() => {});
      return {
        get reloads() {
          return reloads;
        },
        get inSync() {
          return pipeline.status.sinks.haproxy?.health === 'in-sync';
        },
        runtimeSocket: join(directory, 'signalbox', 'runtime.sock'),
        describe: () => events.map(describeEvent).join('; '),
        async [Symbol.asyncDispose]() {
          stopping.abort();
          await running.catch(() => {});
        },
      };
    },
  };
}

function describeEvent(event: PipelineEvent): string {
  return 'error' in event && event.error !== undefined ? `${event.type}: ${event.error.message}` : event.type;
}
