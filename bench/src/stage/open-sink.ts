import { join } from 'node:path';
import { type Catalog, type Plan, type PluginContext, type Service, silentLogger } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { catalogOf } from '@signalbox/testkit';
import { benchAddress } from './address.ts';
import { createDirectory } from './directory.ts';

/** The HAProxy sink without a pipeline around it, and the HAProxy that it manages. */
export interface SinkStage extends AsyncDisposable {
  readonly runtimeSocket: string;
  /** The next version of the catalog. */
  catalog(services: Iterable<Service>): Catalog;
  plan(catalog: Catalog): Promise<Plan>;
  /** Plans and applies. */
  bring(catalog: Catalog): Promise<Plan>;
}

export interface SinkStageOptions {
  /** Of a listener that carries routes. */
  readonly sharedPort: number;
  readonly signal: AbortSignal;
}

export async function openSink({ sharedPort, signal }: SinkStageOptions): Promise<SinkStage> {
  const directory = await createDirectory();
  const sink = haproxy({
    config: join(directory.path, 'haproxy.cfg'),
    manage: { onExit: 'stop' },
    bindAddress: benchAddress,
    listeners: [{ address: benchAddress, port: sharedPort, protocol: 'http' }],
    // A reload is measured, not the wait before it.
    reload: { minIntervalMs: 0, jitterMs: 0 },
  });
  const context: PluginContext = { id: 'edge', signal, logger: silentLogger };
  let version = 0;
  return {
    runtimeSocket: join(directory.path, 'signalbox', 'runtime.sock'),
    catalog(services) {
      version += 1;
      return catalogOf(services, version);
    },
    plan: (catalog) => sink.plan(catalog, context),
    async bring(catalog) {
      const plan = await sink.plan(catalog, context);
      await plan.apply();
      return plan;
    },
    async [Symbol.asyncDispose]() {
      await sink[Symbol.asyncDispose]?.();
      await directory[Symbol.asyncDispose]();
    },
  };
}
