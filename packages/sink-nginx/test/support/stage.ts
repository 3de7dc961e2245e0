import type { ProxyStage } from '@signalbox/testkit/proxy';
import type { NginxMode } from '../../src/index.ts';
import { createBench } from './bench.ts';

/** nginx for the suites that both proxies are held to. */
export function createStage(mode: NginxMode): ProxyStage {
  return {
    start: (shared) => createBench({ mode, ...shared }),
    changesAtRuntime: mode === 'lua',
    describeRemoval: (host) => `routes of host ${host} removed`,
    passthroughWords: 'ssl_preread',
    keyFiles: mode === 'lua' ? ['snapshot.json'] : ['certificates.conf', 'snapshot.json'],
  };
}
