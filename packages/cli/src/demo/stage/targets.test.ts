import { expect, test } from 'vitest';
import { apps } from './apps.ts';
import type { Addresses } from './stage.ts';
import { createTargets } from './targets.ts';

const addresses: Addresses = {
  address: '127.0.0.1',
  sharedPort: 18_080,
  portRange: { from: 18_081, to: 18_084 },
  apps: new Map([
    [apps.web.id, { port: 18_081, hostname: 'shop.example.com' }],
    [apps.ledger.id, { port: 18_084 }],
  ]),
};

test('an app with a name is asked through its own port and by its name, in both ways', () => {
  const targets = createTargets(apps.web.id, addresses);
  expect(
    targets.map(({ entrance, url, headers, keepAlive }) => [entrance, new URL(url).port, headers?.host, keepAlive]),
  ).toEqual([
    ['port 18081', '18081', undefined, true],
    ['port 18081', '18081', undefined, false],
    ['host shop.example.com', '18080', 'shop.example.com', true],
    ['host shop.example.com', '18080', 'shop.example.com', false],
  ]);
});

test('behind TCP every request opens a connection, because an open one cannot move', () => {
  expect(createTargets(apps.ledger.id, addresses).map(({ keepAlive }) => keepAlive)).toEqual([false, false]);
});

test('an app that is not part of the demo has no port', () => {
  expect(() => createTargets('/nope', addresses)).toThrow('it is not part of the demo');
});
