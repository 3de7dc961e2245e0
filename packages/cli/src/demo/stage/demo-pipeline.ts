import { createPipeline, type Pipeline } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { marathon } from '@signalbox/source-marathon';
import { route } from '@signalbox/transforms';
import type { Addresses } from './stage.ts';

export interface DemoPipelineOptions {
  readonly urls: readonly string[];
  readonly addresses: Addresses;
  /** Path of HAProxy's configuration. */
  readonly config: string;
  /** For everything else that HAProxy needs. */
  readonly runDirectory: string;
  readonly program: string;
}

/** What an operator would write in signalbox.yaml. */
export function createDemoPipeline(options: DemoPipelineOptions): Pipeline {
  const { urls, addresses, config, runDirectory, program } = options;
  const { address, sharedPort, portRange, apps } = addresses;
  const rules = [...apps].flatMap(([match, { hostname }]) =>
    hostname === undefined ? [] : [{ match, hostnames: [hostname] }],
  );
  return createPipeline({
    sources: { marathon: marathon({ urls }) },
    transforms: [route({ rules })],
    sinks: {
      haproxy: haproxy({
        config,
        runDirectory,
        binary: program,
        manage: { onExit: 'stop' },
        bindAddress: address,
        // A new app goes live without a reload when its port is one of these.
        portRanges: [portRange],
        // The demo only reads, so a request may be sent twice: one that meets a task in the instant of its death goes to another.
        retryOn: ['conn-failure', 'empty-response'],
        listeners: [{ name: 'http', address, port: sharedPort, protocol: 'http' }],
      }),
    },
  });
}
