import { createTlsBench as createBenchWithTls, type TlsParts } from '@signalbox/testkit/proxy';
import type { ListenerTlsOptions, NginxOptions } from '../../src/index.ts';
import { type Bench, createBench } from './bench.ts';

export type TlsBench = Bench & TlsParts;

export interface TlsBenchOptions extends Partial<NginxOptions> {
  /** Of the listener for TLS. */
  readonly tls?: ListenerTlsOptions;
  readonly certificateOptions?: Partial<NonNullable<NginxOptions['certificates']>>;
}

/** A bench with a listener of each kind, and a folder of certificates. */
export function createTlsBench({ tls, certificateOptions, ...extra }: TlsBenchOptions): Promise<TlsBench> {
  return createBenchWithTls(({ listeners, certificates }) =>
    createBench({
      listeners: listeners.map((listener) => (listener.tls && tls ? { ...listener, tls } : listener)),
      certificates: { ...certificates, ...certificateOptions },
      ...extra,
    }),
  );
}
