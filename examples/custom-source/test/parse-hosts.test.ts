import { expect, test } from 'vitest';
import { parseHosts } from '../src/parse-hosts.ts';

test('reads names, ports, IPv4, IPv6 and host names, and leaves comments out', () => {
  const text = '# shop\ncart 10000 10.0.0.1:8080 [2001:db8::1]:8080 # two\n\nidle 10001\n';
  expect(parseHosts(text, 'local')).toEqual([
    {
      id: 'local:cart#0',
      name: 'cart',
      protocol: 'tcp',
      port: 10_000,
      endpoints: [
        { id: '10.0.0.1:8080', address: '10.0.0.1', port: 8080, health: 'unknown' },
        { id: '[2001:db8::1]:8080', address: '2001:db8::1', port: 8080, health: 'unknown' },
      ],
      labels: {},
    },
    { id: 'local:idle#0', name: 'idle', protocol: 'tcp', port: 10_001, endpoints: [], labels: {} },
  ]);
});

test.each([
  ['', 'may not be complete'],
  ['cart 10000 10.0.0.1:80', 'may not be complete'],
  ['cart\n', '"" in line 1 is not a port'],
  ['cart 70000 10.0.0.1:80\n', '"70000" in line 1 is not a port'],
  ['\ncart 10000 10.0.0.1\n', '"10.0.0.1" in line 2 is not address:port'],
])('refuses %j', (text, message) => {
  expect(() => parseHosts(text, 'local')).toThrow(message);
});
