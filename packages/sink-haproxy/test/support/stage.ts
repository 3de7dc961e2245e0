import type { ProxyStage } from '@signalbox/testkit/proxy';
import { createBench } from './bench.ts';

/** HAProxy for the suites that both proxies are held to. */
export const stage: ProxyStage = {
  start: createBench,
  changesAtRuntime: true,
  describeRemoval: (host) => `route ${host}/ removed`,
  passthroughWords: 'req.ssl_sni',
  keyFiles: ['certificates/shop.test.pem', 'default-certificate.pem'],
};
