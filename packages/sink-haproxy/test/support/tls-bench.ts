import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route } from '@signalbox/core';
import { type Authority, createAuthority, type Issued, type IssueOptions, putFile } from '@signalbox/testkit/tls';
import type { HaproxyOptions } from '../../src/index.ts';
import { type Bench, createBench } from './bench.ts';
import { freePort, startOrigin } from './origins.ts';
import { makeEndpoint, makeService } from './services.ts';

/** A bench with a listener of each kind, and a folder of certificates. */
export interface TlsBench extends Bench {
  readonly plainPort: number;
  readonly tlsPort: number;
  readonly authority: Authority;
  /** The folder of certificates. */
  readonly folder: string;
  /** Issues `<name>.pem` for the hosts, by default for one of that name. */
  certify(name: string, hostnames?: readonly string[], options?: IssueOptions): Promise<Issued>;
  /** A service `mesos:/<name>#0` with the routes, and an application that answers with its name. */
  serve(name: string, ...routes: Route[]): Promise<ReturnType<typeof makeService>>;
}

export async function createTlsBench(
  options: {
    readonly tls?: NonNullable<HaproxyOptions['listeners']>[number]['tls'];
    readonly certificates?: Partial<NonNullable<HaproxyOptions['certificates']>>;
    readonly extra?: Partial<HaproxyOptions>;
  } = {},
): Promise<TlsBench> {
  const [plainPort, tlsPort] = [await freePort(), await freePort()];
  const authority = await createAuthority();
  const bench = await createBench({
    listeners: [
      { name: 'web', address: '127.0.0.1', port: plainPort, protocol: 'http' },
      { name: 'secure', address: '127.0.0.1', port: tlsPort, protocol: 'http', tls: options.tls ?? true },
    ],
    ...options.extra,
  });
  const folder = join(bench.directory, 'certificates');
  await mkdir(folder);
  return {
    ...bench,
    plainPort,
    tlsPort,
    authority,
    folder,
    createSink: (changed = {}) =>
      bench.createSink({ certificates: { directory: folder, ...options.certificates }, ...changed }),
    async certify(name, hostnames = [name], issue = {}) {
      const issued = await authority.issue(hostnames, issue);
      await putFile(join(folder, `${name}.pem`), issued.pem);
      return issued;
    },
    async serve(name, ...routes) {
      const origin = await startOrigin(name);
      bench.onClose(async () => origin[Symbol.asyncDispose]());
      return makeService(`mesos:/${name}#0`, { endpoints: [makeEndpoint(origin.port)], routes });
    },
  };
}
