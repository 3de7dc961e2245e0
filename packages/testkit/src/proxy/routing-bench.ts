import type { Route, Service, Sink } from '@signalbox/core';
import { expect } from 'vitest';
import { type Answer, type RequestOptions, request } from '../http/origin.ts';
import { freePort } from '../ports/free-port.ts';
import type { Bench } from './bench.ts';
import { serve } from './serve.ts';
import type { SharedOptions } from './stage.ts';
import { sync } from './sync.ts';

/** What a bench has whose proxy listens for HTTP, with applications behind it. */
export interface RoutingParts {
  readonly port: number;
  /** A service `test:/<name>#0` with the routes, and an application that answers with its name. */
  serve(name: string, ...routes: Route[]): Promise<Service>;
  /** Applies these routes, each of a service of its own. Nothing may be left out, and nothing to do. */
  route(routes: Readonly<Record<string, Route>>): Promise<void>;
  request(options?: RequestOptions): Promise<Answer>;
}

/** Starts a bench with the listener `web`; requests that name no host are for this one. */
export async function createRoutingBench<B extends Bench & { createSink(): Sink }>(
  host: string,
  start: (shared: SharedOptions) => Promise<B>,
): Promise<B & RoutingParts> {
  const port = await freePort();
  const bench = await start({ listeners: [{ name: 'web', address: '127.0.0.1', port, protocol: 'http' }] });
  return {
    ...bench,
    port,
    serve: (name, ...routes) => serve(bench, name, routes),
    async route(routes) {
      const sink = bench.createSink();
      const services = await Promise.all(Object.entries(routes).map(([name, route]) => serve(bench, name, [route])));
      const catalog = bench.catalog(...services);
      expect((await sync(sink, catalog, bench)).warnings).toEqual([]);
      expect((await sink.plan(catalog, bench.context)).changes).toEqual([]);
    },
    request: (options = {}) => request(port, { host, ...options }),
  };
}
