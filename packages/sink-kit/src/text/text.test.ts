import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkAddress } from './address.ts';
import { checkHostname } from './hostname.ts';
import { checkPath } from './path.ts';
import { checkPort } from './port.ts';
import type { TextResult } from './text-result.ts';

const passed = (result: TextResult): string | undefined => (result.ok ? result.value : undefined);
/** Plain strings never get past the first check; these are made of what does, and of what must not. */
const nearlyValid = fc.string({
  unit: fc.constantFrom(
    'a',
    'Z',
    '0',
    '9',
    '.',
    '-',
    '*',
    '/',
    ':',
    '%',
    ';',
    ' ',
    '\n',
    '"',
    "'",
    '$',
    '\\',
    '\0',
    'ü',
    '。',
    '{',
    '#',
    '[',
  ),
  maxLength: 20,
});
const hostile = fc.oneof(nearlyValid, fc.string({ unit: 'binary' }), fc.ipV6(), fc.domain(), fc.webPath());

describe('checkHostname', () => {
  test.each([
    ['Shop.Example.COM', 'shop.example.com'],
    ['shop.test.', 'shop.test'],
    ['*.shop.test', '*.shop.test'],
    ['a-b.c3', 'a-b.c3'],
    ['bücher.test', 'xn--bcher-kva.test'],
    ['127.0.0.1', '127.0.0.1'],
    ['x', 'x'],
  ])('%s becomes %s', (text, value) => expect(passed(checkHostname(text))).toBe(value));

  test.each([
    '',
    '.',
    '*',
    '*.',
    '*.*.a',
    'a..b',
    '-a',
    'a-',
    'a_b',
    'a b',
    'a\n',
    'ü\n',
    'ü%61',
    'ü;',
    'a;b',
    'a/b',
    'a:80',
    '%61',
    '[::1]',
    'a*',
    `${'a'.repeat(64)}.b`,
    `${'a.'.repeat(127)}a`,
    'x'.repeat(5_000),
    'a\u0000b',
    'a。。b',
  ])('%j is refused', (text) => expect(checkHostname(text).ok).toBe(false));

  test('what passes is harmless, short and stays as it is', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const value = passed(checkHostname(text));
        if (value === undefined) return;
        expect(value).toMatch(/^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/);
        expect(value.length).toBeLessThanOrEqual(253);
        expect(passed(checkHostname(value))).toBe(value);
      }),
      { numRuns: 2_000 },
    );
  });

  test('every domain passes', () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        expect(passed(checkHostname(domain))).toBe(domain.toLowerCase());
      }),
    );
  });
});

describe('checkPath', () => {
  test.each(['/', '/a/b.c', '/a%20b', '/~x/_y-z', '/a:b@c,d+e=f&g*h!i'])('%s passes', (text) =>
    expect(passed(checkPath(text))).toBe(text),
  );

  test.each([
    '',
    'a',
    '/a b',
    '/a;b',
    '/a"b',
    "/a'b",
    '/a$b',
    '/a#b',
    '/a\\b',
    '/{a}',
    '/a\n',
    '/ü',
    '/a(b)',
    '/a\u007f',
    `/${'a'.repeat(1_024)}`,
  ])('%j is refused', (text) => expect(checkPath(text).ok).toBe(false));

  test('what passes is harmless', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const value = passed(checkPath(`/${text}`));
        if (value !== undefined) expect(value).toMatch(/^\/[A-Za-z0-9._~!&*+,=:@%/-]*$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('checkAddress', () => {
  test.each([
    ['10.0.0.1', '10.0.0.1'],
    ['::1', '::1'],
    ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['::ffff:10.0.0.1', '::ffff:10.0.0.1'],
    ['Agent-3.Mesos', 'agent-3.mesos'],
    ['3agent', '3agent'],
  ])('%s becomes %s', (text, value) => expect(passed(checkAddress(text))).toBe(value));

  test.each([
    '',
    '[::1]',
    'fe80::1%eth0',
    '10.0.0',
    '10.0.0.256',
    '010.0.0.1',
    '127.1',
    '0x7f.1',
    '0x7f000001',
    '1',
    'a.1',
    '*.a.b',
    'a b',
    '10.0.0.1:80',
    '/tmp/socket',
    'unix@a',
    '10.0.0.1;',
    '::1\n',
    '1.2.3.4.5',
  ])('%j is refused', (text) => expect(checkAddress(text).ok).toBe(false));

  test('every IP address passes, as an equal one, once and for all', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const value = passed(checkAddress(address));
        expect(isIP(value ?? '')).toBe(isIP(address));
        expect(passed(checkAddress(value ?? ''))).toBe(value);
      }),
    );
  });

  test('what passes is an IP address or a harmless name', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const value = passed(checkAddress(text));
        if (value !== undefined && isIP(value) === 0) expect(value).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each([
  [1, true],
  [65_535, true],
  [0, false],
  [65_536, false],
  [99_999, false],
  [80.5, false],
  [-1, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('port %d: %s', (port, ok) => expect(checkPort(port).ok).toBe(ok));
