import type { Route } from '@signalbox/core';
import { expect } from 'vitest';
import { type Bench, createBench } from './bench.ts';
import { type Answer, freePort, type RequestOptions, request, startOrigin } from './origins.ts';
import { makeEndpoint, makeService, sync } from './services.ts';

/** A bench with a listener, and an application behind each route. */
export interface RoutingBench extends Bench {
  readonly port: number;
  /** A service `mesos:/<name>#0` with the routes, and an application that answers with its name. */
  serve(name: string, ...routes: Route[]): Promise<ReturnType<typeof makeService>>;
  /** Applies these routes, each of a service of its own. Nothing may be left out, and nothing to do. */
  route(routes: Readonly<Record<string, Route>>): Promise<void>;
  request(options?: RequestOptions): Promise<Answer>;
}

export async function createRoutingBench(host: string): Promise<RoutingBench> {
  const port = await freePort();
  const bench = await createBench({ listeners: [{ name: 'web', address: '127.0.0.1', port, protocol: 'http' }] });
  const serve = async (name: string, ...routes: Route[]) => {
    const origin = await startOrigin(name);
    bench.onClose(async () => origin[Symbol.asyncDispose]());
    return makeService(`mesos:/${name}#0`, { endpoints: [makeEndpoint(origin.port)], routes });
  };
  return {
    ...bench,
    port,
    serve,
    async route(routes) {
      const sink = bench.createSink();
      const services = await Promise.all(Object.entries(routes).map(([name, route]) => serve(name, route)));
      const catalog = bench.catalog(...services);
      expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    },
    request: (options = {}) => request(port, { host, ...options }),
  };
}
