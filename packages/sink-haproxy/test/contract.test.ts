import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '@signalbox/core';
import { freePort } from '@signalbox/testkit';
import { describeSinkContract, type SinkTarget } from '@signalbox/testkit/contracts';
import { readWhenQuiet } from '@signalbox/testkit/proxy';
import { openRuntime } from '../src/control/runtime-connection.ts';
import { backendName } from '../src/desired/names.ts';
import { type HaproxyOptions, haproxy } from '../src/index.ts';
import { makeEndpoint, makeService } from './support/services.ts';
import { stopHaproxy } from './support/stop-haproxy.ts';
import { makeStrictHaproxy } from './support/strict-haproxy.ts';
import { splitWords } from './support/words.ts';

const refused = makeService('contract:/refused#0', {
  endpoints: [makeEndpoint(8_201)],
  routes: [{ hostnames: ['refused.example.com'] }],
  traffic: { timeouts: { connectMs: 1_700 } },
});

describeSinkContract<HaproxyOptions>('haproxy', {
  plugin: haproxy,
  packageType: 'haproxy',
  load: () => import('../src/index.ts'),
  start: startTarget,
  prepare,
  refusedService: () => refused,
  timeoutMs: 20_000,
});

const mapNames = ['route', 'port', 'spare'];

/** One of the samples goes live in a spare; the other has settings of its own, and needs a check and a reload. */
function prepare(service: Service): Service {
  return service.name.endsWith('bravo') ? { ...service, traffic: { timeouts: { connectMs: 1_500 } } } : service;
}

async function startTarget(): Promise<SinkTarget<HaproxyOptions>> {
  const directory = await mkdtemp(join(tmpdir(), 'haproxy-'));
  const path = (name: string): string => join(directory, name);
  const errorFile = path('503.http');
  const goodError = 'HTTP/1.0 503 Service Unavailable\r\nConnection: close\r\n\r\n';
  await writeFile(errorFile, goodError);
  const options: HaproxyOptions = {
    config: path('haproxy.cfg'),
    manage: true,
    binary: await makeStrictHaproxy(directory, backendName(refused.id)),
    listeners: [{ address: '127.0.0.1', port: await freePort(), protocol: 'http' }],
    defaults: [`errorfile 503 ${errorFile}`],
    reload: { minIntervalMs: 0, jitterMs: 0 },
    drainTimeoutMs: 60_000,
    spareBackends: 2,
  };
  const ask = async (command: string): Promise<string> => {
    try {
      await using connection = await openRuntime(path('signalbox/runtime.sock'), {
        signal: AbortSignal.timeout(5_000),
      });
      return (await connection.send([command]))[0] ?? '';
    } catch {
      return '';
    }
  };
  const readFiles = async (): Promise<string> => {
    const names = ['haproxy.cfg', ...mapNames.map((name) => `signalbox/${name}.map`)];
    const texts = await Promise.all(names.map((name) => readFile(path(name), 'utf8').catch(() => '')));
    return texts.join('\n');
  };
  return {
    options,
    async fingerprint() {
      const servers = await ask('show servers state');
      const rows = servers
        .split('\n')
        .map((row) => row.split(' ').toSpliced(9, 5).toSpliced(5, 1).toSpliced(2, 1).slice(1, 9).join(' '));
      const maps = await Promise.all(mapNames.map((name) => ask(`show map ${path(`signalbox/${name}.map`)}`)));
      const entries = maps.flatMap((map) => map.split('\n').map((line) => line.split(' ').slice(1).join(' ')));
      return [await readWhenQuiet(readFiles), ...rows.sort(), ...entries.sort()].join('\n');
    },
    failCheck: () => writeFile(path('refuse'), ''),
    async failReload() {
      // The check passes, and the new worker does not find what it needs.
      await writeFile(path('wave-through'), '');
      await rm(errorFile);
    },
    async recover() {
      await rm(path('refuse'), { force: true });
      await rm(path('wave-through'), { force: true });
      await writeFile(errorFile, goodError);
    },
    async tamper() {
      const [, backend, server] = / ([as]_\S+) \d+ (e_\S+) /.exec(await ask('show servers state')) ?? [];
      await ask(`set server ${backend}/${server} state maint`);
      await ask(`set map ${path('signalbox/meta.map')} rev somebody-else`);
    },
    async words() {
      return splitWords(await readFiles());
    },
    async serves({ routes = [] }: Service) {
      const map = await ask(`show map ${path('signalbox/route.map')}`);
      const servers = await ask('show servers state');
      const hostnames = routes.flatMap((route) => route.hostnames ?? []);
      return hostnames.every((hostname) => {
        const [, backend] = new RegExp(`^\\S+ ${hostname}/ ([^:]+):`, 'm').exec(map) ?? [];
        return new RegExp(`^\\d+ ${backend} \\d+ e_\\S+ \\S+ 2 0 `, 'm').test(servers);
      });
    },
    async stop() {
      await stopHaproxy(options);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
