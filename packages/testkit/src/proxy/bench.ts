import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, type PluginContext, type Service, type Sink, silentLogger } from '@signalbox/core';
import { catalogOf } from '../data/catalog.ts';

/** A folder for one proxy and the sinks on it; everything in it ends with the bench. */
export interface Bench {
  readonly directory: string;
  /** Path of the configuration in the folder. */
  readonly config: string;
  readonly context: PluginContext;
  /** Each call numbers the catalog. */
  catalog(...services: Service[]): Catalog;
  readConfig(): Promise<string>;
  /** Disposed of when the bench is closed. */
  own<S extends Sink>(sink: S): S;
  onClose(close: () => Promise<void>): void;
  close(): Promise<void>;
}

export interface BenchOptions {
  /** Name of the configuration file, e.g. `haproxy.cfg`. */
  readonly configFile: string;
  /** Ends the proxy of that configuration, after the sinks were disposed of. */
  readonly stop: (config: string) => Promise<void>;
}

export async function createBench({ configFile, stop }: BenchOptions): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), 'proxy-'));
  // Workers of a proxy that root starts may run as another user, and pass through to their sockets.
  await chmod(directory, 0o711);
  const config = join(directory, configFile);
  const abort = new AbortController();
  const sinks: Sink[] = [];
  const closing: (() => Promise<void>)[] = [];
  let version = 0;
  return {
    directory,
    config,
    context: { id: 'edge', signal: abort.signal, logger: silentLogger },
    catalog(...services) {
      version += 1;
      return catalogOf(services, version);
    },
    readConfig: () => readFile(config, 'utf8'),
    own(sink) {
      sinks.push(sink);
      return sink;
    },
    onClose(close) {
      closing.push(close);
    },
    async close() {
      for (const close of closing) await close();
      for (const sink of sinks) await sink[Symbol.asyncDispose]?.().catch(() => {});
      await stop(config);
      abort.abort();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
