import { expect, test } from 'vitest';
import { parseListenAddress } from './listen-address.ts';
import { metrics, renderMetrics } from './metrics.ts';

test('samples of one metric stand together, and what is in a label stays in it', () => {
  const text = renderMetrics([
    { metric: metrics.sourceServices, labels: ['a"b\\c\nd'], value: 1 },
    { metric: metrics.catalogVersion, labels: [], value: 7 },
    { metric: metrics.sourceServices, labels: ['b'], value: 2.5 },
  ]);
  expect(text).toBe(
    [
      `# HELP signalbox_catalog_version ${metrics.catalogVersion.help}`,
      '# TYPE signalbox_catalog_version gauge',
      'signalbox_catalog_version 7',
      `# HELP signalbox_source_services ${metrics.sourceServices.help}`,
      '# TYPE signalbox_source_services gauge',
      'signalbox_source_services{source="a\\"b\\\\c\\nd"} 1',
      'signalbox_source_services{source="b"} 2.5',
      '',
    ].join('\n'),
  );
});

test('names follow the conventions: counters of things end in _total', () => {
  for (const { name, type } of Object.values(metrics)) expect(name.endsWith('_total')).toBe(type === 'counter');
});

test.each([
  ['127.0.0.1:9090', '127.0.0.1', 9090],
  ['[::1]:80', '::1', 80],
  ['*:9090', '::', 9090],
])('%s is an address', (text, host, port) => expect(parseListenAddress(text)).toEqual({ host, port }));

test.each(['', '9090', ':9090', 'localhost:9090', '127.0.0.1', '127.0.0.1:0', '127.0.0.1:65536', '1.2.3:80', '::1:80'])(
  '"%s" is none',
  (text) => expect(parseListenAddress(text)).toBeUndefined(),
);
