import type { PipelineStatus, SinkStatus, SourceStatus } from '@signalbox/core';
import { readOwnManifest } from '../plugins/installation.ts';
import { type Metric, metrics, type Sample } from './metrics.ts';

const sourceHealths: readonly SourceStatus['health'][] = ['never', 'fresh', 'stale', 'failed'];
const sinkHealths: readonly SinkStatus['health'][] = ['waiting', 'pending', 'in-sync', 'failing'];

/** What a pipeline is up to now, as numbers. */
export function readSamples({ catalogVersion, sources, transforms, sinks }: PipelineStatus): readonly Sample[] {
  const samples: Sample[] = [];
  const put = (metric: Metric, value: number, ...labels: string[]): void =>
    void samples.push({ metric, labels, value });
  put(metrics.catalogVersion, catalogVersion);
  for (const [id, { health, services, endpoints, lastSyncAt, holds, warnings }] of Object.entries(sources)) {
    for (const each of sourceHealths) put(metrics.sourceHealth, each === health ? 1 : 0, id, each);
    put(metrics.sourceServices, services, id);
    put(metrics.sourceEndpoints, endpoints, id);
    if (lastSyncAt !== undefined) put(metrics.sourceSyncedAt, lastSyncAt / 1_000, id);
    put(
      metrics.sourceHeld,
      holds.reduce((total, { heldEndpoints }) => total + heldEndpoints, 0),
      id,
    );
    put(metrics.warnings, warnings.length, 'source', id);
  }
  for (const [id, { warnings }] of Object.entries(transforms)) put(metrics.warnings, warnings.length, 'transform', id);
  for (const [id, { health, appliedVersion, lastAppliedAt, warnings }] of Object.entries(sinks)) {
    for (const each of sinkHealths) put(metrics.sinkHealth, each === health ? 1 : 0, id, each);
    put(metrics.sinkVersion, appliedVersion, id);
    if (lastAppliedAt !== undefined) put(metrics.sinkAppliedAt, lastAppliedAt / 1_000, id);
    put(metrics.warnings, warnings.length, 'sink', id);
  }
  return samples;
}

export function readProcessSamples(): readonly Sample[] {
  const { user, system } = process.cpuUsage();
  return [
    { metric: metrics.buildInfo, labels: [readOwnManifest().version], value: 1 },
    { metric: metrics.processCpu, labels: [], value: (user + system) / 1_000_000 },
    { metric: metrics.processMemory, labels: [], value: process.memoryUsage.rss() },
    { metric: metrics.processStart, labels: [], value: performance.timeOrigin / 1_000 },
  ];
}
