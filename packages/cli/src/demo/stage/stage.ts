import type { Pipeline } from '@signalbox/core';
import type { MarathonSimulator } from '@signalbox/testkit/marathon';
import type { Target } from '../load/target.ts';

/** What acts may do to the cluster, and what can be seen of it. */
export type Cluster = Pick<
  MarathonSimulator,
  | 'agents'
  | 'urls'
  | 'controlUrl'
  | 'createApp'
  | 'restartApp'
  | 'scale'
  | 'killTask'
  | 'loseAgent'
  | 'restoreAgent'
  | 'changeLeader'
  | 'setFault'
  | 'clearFaults'
  | 'settled'
  | 'tasks'
  | 'onEvent'
>;

/** Everything that the script plays on: a cluster, the pipeline behind it, and a proxy that serves. */
export interface Stage extends AsyncDisposable {
  readonly cluster: Cluster;
  readonly pipeline: Pick<Pipeline, 'catalog' | 'status' | 'subscribe'>;
  /** Name and version, for people. */
  readonly proxy: string;
  readonly addresses: Addresses;
  /** The ways in which clients reach an app through the proxy. */
  targetsOf(app: string): readonly Target[];
  /** Rejects when the pipeline ends although nobody asked it to; never resolves. */
  readonly failure: Promise<never>;
}

export interface Addresses {
  /** Where the proxy listens. */
  readonly address: string;
  /** Port of the shared listener that chooses by host name. */
  readonly sharedPort: number;
  /** Ports that the proxy has from the beginning; both ends belong to it. */
  readonly portRange: { readonly from: number; readonly to: number };
  /** Host name and own port of each app. */
  readonly apps: ReadonlyMap<string, { readonly hostname?: string; readonly port: number }>;
}
