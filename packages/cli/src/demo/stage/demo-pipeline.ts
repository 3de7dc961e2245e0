import { join } from 'node:path';
import { createPipeline, type Pipeline } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { marathon } from '@signalbox/source-marathon';
import { route } from '@signalbox/transforms';
import type { Addresses } from './stage.ts';

export interface DemoPipelineOptions {
  readonly urls: readonly string[];
  readonly addresses: Addresses;
  /** Of its own, for everything that HAProxy needs. */
  readonly folder: string;
  readonly program: string;
}

/** What an operator would write in signalbox.yaml. */
export function createDemoPipeline({ urls, addresses, folder, program }: DemoPipelineOptions): Pipeline {
  const { address, sharedPort, apps } = addresses;
  const rules = [...apps].flatMap(([match, { hostname }]) =>
    hostname === undefined ? [] : [{ match, hostnames: [hostname] }],
  );
  return createPipeline({
    sources: { marathon: marathon({ urls }) },
    transforms: [route({ rules })],
    sinks: {
      haproxy: haproxy({
        config: join(folder, 'haproxy.cfg'),
        runDirectory: join(folder, 'run'),
        binary: program,
        manage: { onExit: 'stop' },
        bindAddress: address,
        listeners: [{ name: 'http', address, port: sharedPort, protocol: 'http' }],
      }),
    },
  });
}
