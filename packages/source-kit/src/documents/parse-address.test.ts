import { expect, test } from 'vitest';
import { parseAddressAndPort } from './parse-address.ts';

test.each([
  ['10.0.0.1:80', { address: '10.0.0.1', port: 80 }],
  ['[2001:db8::1]:65535', { address: '2001:db8::1', port: 65_535 }],
  ['shop.example:8080', { address: 'shop.example', port: 8080 }],
  ['_http._tcp.shop:1', { address: '_http._tcp.shop', port: 1 }],
])('%s', (text, expected) => {
  expect(parseAddressAndPort(text)).toEqual(expected);
});

test.each([
  '10.0.0.1',
  '10.0.0.1:0',
  '10.0.0.1:65536',
  '10.0.0.1:80x',
  '10.0.0.256:80',
  '2001:db8::1:80',
  '[10.0.0.1]:80',
  '[::1:80',
  'http://shop:80',
  'a b:80',
  'a\n:80',
  ':80',
  `${'a'.repeat(64)}:80`,
  '',
])('%j is no address with a port', (text) => {
  expect(parseAddressAndPort(text)).toBeUndefined();
});
