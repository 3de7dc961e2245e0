import { createPipeline, type Pipeline } from '@signalbox/core';
import { haproxy } from '@signalbox/sink-haproxy';
import { marathon } from '@signalbox/source-marathon';
import { route } from '@signalbox/transforms';

export interface EdgeOptions {
  /** Base URLs of the Marathon masters. */
  readonly urls: readonly string[];
  /** Path of the configuration file that HAProxy reads. */
  readonly config: string;
  readonly port: number;
}

/** The shop of one Marathon, on one port of the HAProxy that this program starts and stops. */
export function createEdge({ urls, config, port }: EdgeOptions): Pipeline {
  return createPipeline({
    sources: { mesos: marathon({ urls }) },
    transforms: [
      route({ rules: [{ match: '/shop/*', hostnames: ['shop.example.com'], traffic: { balance: 'roundrobin' } }] }),
    ],
    sinks: {
      edge: haproxy({
        config,
        manage: { onExit: 'stop' },
        servicePorts: false,
        listeners: [{ address: '127.0.0.1', port, protocol: 'http' }],
      }),
    },
  });
}
