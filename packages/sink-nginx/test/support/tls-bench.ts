import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import {
  type Authority,
  createAuthority,
  type Issued,
  type IssueOptions,
  putFile,
  shakeHands,
} from '@signalbox/testkit/tls';
import type { ListenerTlsOptions, NginxOptions } from '../../src/index.ts';
import { type Bench, createBench } from './bench.ts';

/** A bench with a listener of each kind, and a folder of certificates. */
export interface TlsBench extends Bench {
  readonly plainPort: number;
  readonly tlsPort: number;
  readonly authority: Authority;
  /** The folder of certificates. */
  readonly folder: string;
  /** Issues `<name>.pem` for the hosts, by default for one of that name. */
  certify(name: string, hostnames?: readonly string[], options?: IssueOptions): Promise<Issued>;
  /** A service `test:/<name>#0` with the routes, and an application that answers with its name. */
  serve(name: string, ...routes: Route[]): Promise<Service>;
  request(options?: RequestOptions): Promise<Answer>;
  /** Of the certificate that a client sees who asks for this name; none when it names no host. */
  serialOf(servername?: string): Promise<string>;
}

export interface TlsBenchOptions extends Partial<NginxOptions> {
  readonly tls?: boolean | ListenerTlsOptions;
  readonly certificateOptions?: Partial<NonNullable<NginxOptions['certificates']>>;
}

export async function createTlsBench({ tls = true, certificateOptions, ...extra }: TlsBenchOptions): Promise<TlsBench> {
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const authority = await createAuthority();
  const folder = await mkdtemp(join(tmpdir(), 'certificates-'));
  const bench = await createBench({
    listeners: [
      { name: 'web', address: '127.0.0.1', port: plainPort, protocol: 'http' },
      { name: 'secure', address: '127.0.0.1', port: tlsPort, protocol: 'http', tls },
    ],
    certificates: { directory: folder, ...certificateOptions },
    ...extra,
  });
  bench.onClose(() => rm(folder, { recursive: true, force: true }));
  return {
    ...bench,
    plainPort,
    tlsPort,
    authority,
    folder,
    async certify(name, hostnames = [name], issue = {}) {
      const issued = await authority.issue(hostnames, issue);
      await putFile(join(folder, `${name}.pem`), issued.pem);
      return issued;
    },
    async serve(name, ...routes) {
      const origin = await startOrigin(name);
      bench.onClose(async () => origin[Symbol.asyncDispose]());
      return service(`/${name}`, { appProtocol: 'http', endpoints: [endpoint({ port: origin.port })], routes });
    },
    request: (options = {}) => request(plainPort, options),
    async serialOf(servername) {
      return (await shakeHands(tlsPort, servername === undefined ? {} : { servername })).serial;
    },
  };
}
