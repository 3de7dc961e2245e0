import type { Sink } from '@signalbox/core';
import type { Bench } from './bench.ts';

/** A proxy as the package of its sink starts it for the suites, and what is particular about it. */
export interface ProxyStage {
  /** Starts a bench of its own; the proxy itself comes with the first plan that is applied. */
  start(options: SharedOptions): Promise<ProxyBench>;
  /** Whether routes and certificates change without a reload. */
  readonly changesAtRuntime: boolean;
  /** What a plan says when the last route of the host goes. */
  readonly describeRemoval: (host: string) => string;
  /** What stands in the configuration only while TLS is passed through. */
  readonly passthroughWords: string;
  /** The files in the run directory that may hold private keys, sorted, when `shop.test` is the only certificate. */
  readonly keyFiles: readonly string[];
}

/** A proxy and its sink on one configuration. */
export interface ProxyBench extends Bench {
  /** A new sink on the same files. The one before is left alone, as `kill -9` would. */
  createSink(): Sink;
  /** Differs after a reload. */
  generation(): Promise<string>;
  /** The proxy begins again with what is on the disk, and not through the sink. */
  restart(): Promise<void>;
}

/** What all sinks that manage a proxy take alike. */
export interface SharedOptions {
  readonly listeners: SharedListener[];
  readonly certificates?: { readonly directory: string };
}

export interface SharedListener {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly protocol: 'http';
  readonly tls?: true;
}
