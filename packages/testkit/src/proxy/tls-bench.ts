import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Route, Service } from '@signalbox/core';
import { type Answer, type RequestOptions, request } from '../http/origin.ts';
import { freePort } from '../ports/free-port.ts';
import { type Authority, createAuthority, type Issued, type IssueOptions } from '../tls/authority.ts';
import { shakeHands } from '../tls/client.ts';
import { putFile } from '../tls/put-file.ts';
import type { Bench } from './bench.ts';
import { serve, serveTls } from './serve.ts';
import type { SharedOptions } from './stage.ts';

/** What a bench has whose proxy listens for HTTP and for TLS, with a folder of certificates. */
export interface TlsParts {
  readonly plainPort: number;
  readonly tlsPort: number;
  readonly authority: Authority;
  /** The folder of certificates. */
  readonly folder: string;
  /** Issues `<name>.pem` for the hosts, by default for one of that name. */
  certify(name: string, hostnames?: readonly string[], options?: IssueOptions): Promise<Issued>;
  /** A service `test:/<name>#0` with the routes, and an application that answers with its name. */
  serve(name: string, ...routes: Route[]): Promise<Service>;
  /** The same with an application that ends TLS itself, with a certificate for its name. */
  serveTls(name: string, ...routes: Route[]): Promise<Service>;
  /** Without TLS. */
  request(options?: RequestOptions): Promise<Answer>;
  /** Of the certificate that a client sees who asks for this name; none when it names no host. */
  serialOf(servername?: string): Promise<string>;
}

/** Starts a bench with two listeners, `web` for HTTP and `secure` for TLS. */
export async function createTlsBench<B extends Bench>(
  start: (shared: Required<SharedOptions>) => Promise<B>,
): Promise<B & TlsParts> {
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const authority = await createAuthority();
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const bench = await start({
    listeners: [
      { name: 'web', address: '127.0.0.1', port: plainPort, protocol: 'http' },
      { name: 'secure', address: '127.0.0.1', port: tlsPort, protocol: 'http', tls: true },
    ],
    certificates: { directory: folder },
  });
  bench.onClose(() => rm(folder, { recursive: true, force: true }));
  return {
    ...bench,
    plainPort,
    tlsPort,
    authority,
    folder,
    async certify(name, hostnames = [name], options = {}) {
      const issued = await authority.issue(hostnames, options);
      await putFile(join(folder, `${name}.pem`), issued.pem);
      return issued;
    },
    serve: (name, ...routes) => serve(bench, name, routes),
    serveTls: (name, ...routes) => serveTls(bench, authority, name, routes),
    request: (options = {}) => request(plainPort, options),
    async serialOf(servername) {
      return (await shakeHands(tlsPort, servername === undefined ? {} : { servername })).serial;
    },
  };
}
