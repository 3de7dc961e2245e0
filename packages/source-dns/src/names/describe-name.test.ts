import { expect, test } from 'vitest';
import { optionsSchema } from '../options.ts';
import { describeName } from './describe-name.ts';

function describe_(options: object) {
  const [name] = optionsSchema.parse({ names: [options] }).names;
  if (name === undefined) throw new Error('no name');
  const { labels: _labels, metadata: _metadata, ...rest } = describeName(name);
  return rest;
}

test.each([
  [
    { name: '_http._tcp.Shop.example.' },
    { name: 'shop.example', portName: 'http', protocol: 'tcp', appProtocol: 'http' },
  ],
  [
    { name: '_https._tcp.shop.example', service: 'shop', port: 443 },
    { name: 'shop', portName: 'https', protocol: 'tcp', appProtocol: 'https', port: 443 },
  ],
  [{ name: '_sip._udp.pbx.example' }, { name: 'pbx.example', portName: 'sip/udp', protocol: 'udp' }],
  [{ name: '_constructor._tcp.shop.example' }, { name: 'shop.example', portName: 'constructor', protocol: 'tcp' }],
  [{ name: 'web.service.consul' }, { name: 'web.service.consul', protocol: 'tcp' }],
  [
    { name: 'db.example', type: 'A', endpointPort: 5432 },
    { name: 'db.example', protocol: 'tcp' },
  ],
])('%j', (options, expected) => {
  expect(describe_(options)).toEqual(expected);
});

test.each([
  [{ names: [] }, 'names'],
  [{ names: [{ name: 'a..b' }] }, 'names.0.name'],
  [{ names: [{ name: '10.0.0.1' }] }, 'names.0.name'],
  [{ names: [{ name: `${'a'.repeat(64)}.example` }] }, 'names.0.name'],
  [{ names: [{ name: 'a.example', type: 'A' }] }, 'names.0.endpointPort'],
  [{ names: [{ name: '_a._tcp.example', endpointPort: 1 }] }, 'names.0.endpointPort'],
  [{ names: [{ name: '_a._tcp.example' }, { name: '_A._tcp.example.' }] }, 'names.1'],
  [{ names: [{ name: '_a._tcp.example' }], servers: ['a b'] }, 'servers.0'],
  [{ names: [{ name: '_a._tcp.example' }], minPollIntervalMs: 60_000 }, 'maxPollIntervalMs'],
])('%j is refused', (options, path) => {
  const { error } = optionsSchema.safeParse(options);
  expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
});
