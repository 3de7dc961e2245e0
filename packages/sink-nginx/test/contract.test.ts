import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@signalbox/core';
import { nameService, sha256 } from '@signalbox/sink-kit';
import { endpoint, freePort, service } from '@signalbox/testkit';
import { describeSinkContract, type SinkTarget } from '@signalbox/testkit/contracts';
import { readWhenQuiet } from '@signalbox/testkit/proxy';
import { createControlSocket } from '../src/control/control-socket.ts';
import { findMaster, stopNginx } from '../src/control/process.ts';
import { type NginxMode, type NginxOptions, nginx } from '../src/index.ts';
import { nginxOptions } from '../src/options.ts';
import { toSettings } from '../src/settings.ts';
import { modes } from './support/bench.ts';
import { makeStrictNginx } from './support/strict-nginx.ts';
import { splitWords } from './support/words.ts';

/** Text that stands in the candidate in both modes. */
const word = 'refused-by-test';

const refused = service('/refused', {
  source: 'contract',
  appProtocol: 'http',
  endpoints: [endpoint({ port: 8_201 })],
  routes: [{ hostnames: ['refused.example.com'], path: { type: 'regex', value: `/${word}` } }],
});

/** Of this process alone: its service ports are the same in each run, and another run may be under way. */
const bindAddress = `127.60.${(process.pid >> 8) & 255}.${process.pid & 255}`;
/** Below what `freePort` gives. */
const firstPort = 12_000;
const portCount = 2_000;

for (const mode of modes) {
  describeSinkContract<NginxOptions>(`nginx, mode ${mode}`, {
    plugin: nginx,
    packageType: 'nginx',
    load: () => import('../src/index.ts'),
    start: () => startTarget(mode),
    refusedService: () => refused,
    // A port is what needs a reload in both modes.
    prepare: (item) => ({ ...item, port: firstPort + (Number.parseInt(sha256(item.id).slice(0, 6), 16) % portCount) }),
    timeoutMs: 60_000,
  });
}

async function startTarget(mode: NginxMode): Promise<SinkTarget<NginxOptions>> {
  const directory = await mkdtemp(join(tmpdir(), 'nginx-'));
  const path = (name: string): string => join(directory, name);
  const extra = path('extra.conf');
  await writeFile(extra, '');
  const options: NginxOptions = {
    config: path('nginx.conf'),
    manage: true,
    mode,
    workers: 1,
    bindAddress,
    binary: await makeStrictNginx(directory, word),
    listeners: [{ address: '127.0.0.1', port: await freePort(), protocol: 'http' }],
    http: [`include ${extra};`],
    reload: { minIntervalMs: 0, jitterMs: 0 },
  };
  const settings = toSettings(nginxOptions.parse(options));
  const control = createControlSocket(path('signalbox/control/nginx.sock'));
  const limited = () => ({ signal: AbortSignal.timeout(5_000) });
  const readDictionary = async (): Promise<ReadonlyMap<string, string>> => {
    if (mode === 'reload') return new Map();
    return control.readEntries(limited()).then(
      ({ entries }) => entries,
      () => new Map(),
    );
  };
  const readFiles = async (): Promise<string> => {
    const names = ['nginx.conf', 'signalbox/snapshot.json'];
    const texts = await Promise.all(names.map((name) => readFile(path(name), 'utf8').catch(() => '')));
    return texts.join('\n');
  };
  return {
    options,
    async fingerprint() {
      const state = await control.readState(limited()).catch(() => undefined);
      const entries = [...(await readDictionary())].map(([key, text]) => `${key} ${text}`);
      return [await readWhenQuiet(readFiles), state?.hash, ...entries.sort()].join('\n');
    },
    failCheck: () => writeFile(path('refuse'), ''),
    async failReload() {
      // The check passes, and nginx does not find what it needs.
      await writeFile(path('wave-through'), '');
      await rm(extra);
    },
    async recover() {
      await rm(path('refuse'), { force: true });
      await rm(path('wave-through'), { force: true });
      await writeFile(extra, '');
    },
    async tamper() {
      if (mode === 'lua') {
        const { generation, entries } = await control.readEntries(limited());
        const [gone = ''] = [...entries.keys()].filter((key) => key.startsWith('u/'));
        const { hash } = await control.readState(limited());
        const batch = { hash, base: generation, generation: 'other-1', set: new Map(), delete: [gone] };
        await control.sendBatch(batch, limited());
        return;
      }
      const text = await readFile(path('nginx.conf'), 'utf8');
      const { hash } = await control.readState(limited());
      await writeFile(path('nginx.conf'), text.replace(hash, 'other'));
      process.kill((await findMaster(settings)) ?? 0, 'SIGHUP');
      // Old and new workers answer in turns for a moment.
      for (let others = 0; others < 10; ) {
        others = (await control.readState(limited())).hash === hash ? 0 : others + 1;
        await sleep(20);
      }
    },
    words: async () => splitWords(await readFile(path('nginx.conf'), 'utf8')),
    async serves({ id, routes }: Service) {
      const name = nameService(id);
      const host = routes?.[0]?.hostnames?.[0] ?? '';
      const text =
        mode === 'lua' ? ((await readDictionary()).get(`h/${host}`) ?? '') : await readFile(path('nginx.conf'), 'utf8');
      return text.includes(name);
    },
    async stop() {
      await stopNginx(settings, AbortSignal.timeout(15_000));
      control.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
