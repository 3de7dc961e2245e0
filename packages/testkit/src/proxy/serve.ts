import type { Route, Service } from '@signalbox/core';
import { endpoint } from '../data/endpoint.ts';
import { service } from '../data/service.ts';
import { startOrigin } from '../http/origin.ts';
import type { Authority } from '../tls/authority.ts';
import { startTlsOrigin } from '../tls/origin.ts';
import type { Bench } from './bench.ts';

/** A service `test:/<name>#0` with the routes, and an application that answers with its name until the bench is closed. */
export async function serve(bench: Pick<Bench, 'onClose'>, name: string, routes: readonly Route[]): Promise<Service> {
  const origin = await startOrigin(name);
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  return service(`/${name}`, { appProtocol: 'http', endpoints: [endpoint({ port: origin.port })], routes });
}

/** The same with an application that ends TLS itself; its certificate is for its name. */
export async function serveTls(
  bench: Pick<Bench, 'onClose'>,
  authority: Authority,
  name: string,
  routes: readonly Route[],
): Promise<Service> {
  const origin = await startTlsOrigin(authority, name, name);
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  return service(`/${name}`, { appProtocol: 'https', endpoints: [endpoint({ port: origin.port })], routes });
}
