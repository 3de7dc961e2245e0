import type { Service } from '@signalbox/core';
import { type Load, startLoad } from '@signalbox/testkit/load';
import type { HaproxyOptions } from '../../src/index.ts';
import { type Bench, createBench } from './bench.ts';
import { type Answer, freePort, request, startOrigin } from './origins.ts';
import { makeEndpoint, makeService } from './services.ts';

/** A bench with a listener, and one application that answers `origin` for everybody. */
export interface SpareBench extends Bench {
  /** `mesos:/<name>#0`, at `<name>.test`. */
  app(name: string, fields?: Partial<Service>): Service;
  get(name: string): Promise<Answer>;
  /** Clients that ask for this app over kept connections, as fast as they can unless a rate is given. */
  load(name: string, ratePerSecond?: number): Load;
  /** Where the process leads the requests of this app. */
  backendOf(name: string): Promise<string | undefined>;
  /** What `show map` says, without the addresses in memory. */
  map(name: string): Promise<readonly string[]>;
}

export async function createSpareBench(extra: Partial<HaproxyOptions> = {}): Promise<SpareBench> {
  const port = await freePort();
  const origin = await startOrigin('origin');
  const bench = await createBench({
    listeners: [{ address: '127.0.0.1', port, protocol: 'http' }],
    // A server that is left behind has nothing to do before the test is over, also on a busy machine.
    drainTimeoutMs: 60_000,
    ...extra,
  });
  bench.onClose(async () => origin[Symbol.asyncDispose]());
  const map = async (name: string): Promise<readonly string[]> => {
    const text = await bench.ask(`show map ${bench.directory}/signalbox/${name}.map`);
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/^\S+ /, ''));
  };
  return {
    ...bench,
    app: (name, fields = {}) =>
      makeService(`mesos:/${name}#0`, {
        name,
        endpoints: [makeEndpoint(origin.port)],
        routes: [{ hostnames: [`${name}.test`] }],
        ...fields,
      }),
    get: (name) => request(port, { host: `${name}.test` }),
    load: (name, ratePerSecond) =>
      startLoad({
        url: `http://127.0.0.1:${port}/`,
        headers: { host: `${name}.test` },
        connections: 4,
        ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
      }),
    async backendOf(name) {
      const entry = (await map('route')).find((line) => line.startsWith(`${name}.test/ `));
      return entry === undefined ? undefined : /^\S+ ([^:]+):/.exec(entry)?.[1];
    },
    map,
  };
}
