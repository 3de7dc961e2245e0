import { performance } from 'node:perf_hooks';
import type { Endpoint, Service } from '@signalbox/core';
import type { Recorder } from '../measure/recorder.ts';
import type { Progress } from '../script/progress.ts';
import type { Addresses, Stage } from '../stage/stage.ts';
import type { EndpointMark, Picture, ServiceLine } from './view.ts';

export interface PictureSources {
  readonly stage: Pick<Stage, 'pipeline' | 'addresses' | 'proxy'>;
  readonly recorder: Recorder;
  readonly progress: Progress;
  readonly startedAtMs: number;
}

export function takePicture({ stage, recorder, progress, startedAtMs }: PictureSources): Picture {
  const { catalog, status } = stage.pipeline;
  const { requests, reloads, runtimeApplies } = recorder.runOutcome();
  const services = [...(catalog?.services.values() ?? [])].map((service) => toLine(service, stage.addresses, recorder));
  return {
    elapsedMs: performance.now() - startedAtMs,
    proxy: stage.proxy,
    acts: progress.marks,
    title: progress.title,
    story: progress.story,
    services,
    requests,
    reloads,
    runtimeApplies,
    sourceHealth: Object.values(status.sources)[0]?.health ?? 'never',
    sinkHealth: Object.values(status.sinks)[0]?.health ?? 'waiting',
  };
}

function toLine({ name, endpoints }: Service, addresses: Addresses, recorder: Recorder): ServiceLine {
  const app = addresses.apps.get(name);
  const own = app === undefined ? '' : `:${app.port}`;
  const shared = app?.hostname === undefined ? '' : `${app.hostname}:${addresses.sharedPort} `;
  return { name, address: `${shared}${own}`, endpoints: endpoints.map(toMark), requests: recorder.requestsOf(name) };
}

function toMark({ draining, health }: Endpoint): EndpointMark {
  if (draining === true) return 'draining';
  return health === 'unhealthy' ? 'down' : 'up';
}
