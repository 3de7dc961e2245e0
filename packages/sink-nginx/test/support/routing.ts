import type { Route, Service } from '@signalbox/core';
import {
  type Answer,
  endpoint,
  freePort,
  type RequestOptions,
  request,
  service,
  startOrigin,
} from '@signalbox/testkit';
import { expect } from 'vitest';
import type { NginxOptions } from '../../src/index.ts';
import { type Bench, createBench, sync } from './bench.ts';

/** A bench with a listener, and an application behind each route. */
export interface RoutingBench extends Bench {
  readonly port: number;
  /** A service `test:/<name>#0` with the values, and an application that answers with its name. */
  serve(name: string, values?: Partial<Service>): Promise<Service>;
  /** Applies these routes, each of a service of its own. Nothing may be left out, and nothing to do. */
  route(routes: Readonly<Record<string, Route>>): Promise<void>;
  request(options?: RequestOptions): Promise<Answer>;
}

export async function createRoutingBench(host: string, options: Partial<NginxOptions> = {}): Promise<RoutingBench> {
  const port = await freePort();
  const bench = await createBench({
    listeners: [{ name: 'web', address: '127.0.0.1', port, protocol: 'http' }],
    ...options,
  });
  const serve = async (name: string, values: Partial<Service> = {}): Promise<Service> => {
    const origin = await startOrigin(name);
    bench.onClose(async () => origin[Symbol.asyncDispose]());
    return service(`/${name}`, { appProtocol: 'http', endpoints: [endpoint({ port: origin.port })], ...values });
  };
  return {
    ...bench,
    port,
    serve,
    async route(routes) {
      const sink = bench.createSink();
      const services = await Promise.all(
        Object.entries(routes).map(([name, route]) => serve(name, { routes: [route] })),
      );
      const catalog = bench.catalog(...services);
      expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    },
    request: (requested = {}) => request(port, { host, ...requested }),
  };
}
