import { endpoint, service } from '@signalbox/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../errors/config-error.ts';
import type { Service } from '../model/service.ts';
import { compileEndpointSelector, compileSelector } from './compile-selector.ts';
import { formatSelector } from './format-selector.ts';
import { parseSelector } from './parse-selector.ts';
import type { Selector } from './selector.ts';

test.each<[text: string, selector: Selector]>([
  ['/shop/*', '/shop/*'],
  ['  name = /shop/cart ', { name: '/shop/cart' }],
  ['label.env=prod and name=/shop/*', { labels: { env: 'prod' }, name: '/shop/*' }],
  ['label."odd key"="a b"', { labels: { 'odd key': 'a b' } }],
  ['label.canary and not label.internal', { labels: { canary: true, internal: false } }],
  ['port in (10001, 10002)', { port: [10_001, 10_002] }],
  ['port not in (10001)', { not: { port: 10_001 } }],
  ['source!=mesos', { not: { source: 'mesos' } }],
  ['endpoint.metadata.agent=10.0.0.7', { endpoint: { metadata: { agent: '10.0.0.7' } } }],
  [
    'endpoint.health=unhealthy and endpoint.port=80 and not endpoint.draining',
    { endpoint: { health: 'unhealthy', port: 80, draining: false } },
  ],
  ['/a or /b and /c', { any: ['/a', { all: ['/b', '/c'] }] }],
  ['(/a or /b) and port=1', { all: [{ port: 1 }, { any: ['/a', '/b'] }] }],
  ['not not /a', { not: { not: '/a' } }],
  ['name=/a and name=*b', { all: [{ name: '/a' }, { name: '*b' }] }],
  ['"label.x"', 'label.x'],
  ['"and"', 'and'],
  ['name=x"y z"', { name: 'xy z' }],
  ['metadata.__proto__=1', JSON.parse('{"metadata":{"__proto__":"1"}}') as Selector],
])('%s', (text, selector) => {
  expect(parseSelector(text)).toEqual(selector);
});

test.each([
  ['', /ends where a condition is expected, at character 1$/],
  ['name=', /ends where a value is expected, at character 6$/],
  ['name==/a', /compares with "==" where "=" is the word, at character 6$/],
  ['nmae=/a', /has no field to compare: known are id, name, .*label\.<key>.*, at character 1$/],
  ['/a /b', /has "\/b" where and, or, or the end is expected, at character 4$/],
  ['(/a', /ends where "\)" is expected, at character 4$/],
  ['/a and or', /has "or" where a condition is expected, at character 8$/],
  ['port=http', /something else than a port from 1 to 65535, at character 6$/],
  ['port in (1 2)', /has "2" where "," or "\)" is expected, at character 12$/],
  ['protocol=sctp', /something else than tcp, udp, at character 10$/],
  ['endpoint.draining=yes', /compares what stands alone, at character 19$/],
  ['name="/a', /a quote that is not closed, at character 6$/],
  ['name="\\x"', /not written as in JSON, at character 6$/],
  [`${'('.repeat(60)}/a`, /nested too deeply, at character 51$/],
  ['x'.repeat(10_001), /longer than 10000 characters/],
])('refuses %s with its place', (text, message) => {
  expect(() => parseSelector(text)).toThrow(ConfigError);
  expect(() => parseSelector(text)).toThrow(message);
});

const word = fc.oneof(
  fc.constantFrom('a', 'b', 'a*', '*', 'and', 'in', 'label.a', 'a b', '"', '\\', '\n', '', '(', '=', '__proto__'),
  fc.string({ maxLength: 3, unit: 'binary' }),
);
const patterns = fc.oneof(word, fc.array(word, { maxLength: 2 }));
const keyed = fc.dictionary(
  fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom('a', 'b', ' ', '"', '=') }),
  fc.oneof(patterns, fc.boolean()),
  { maxKeys: 2 },
);
const port = fc.oneof(fc.constantFrom(1, 2), fc.array(fc.constantFrom(1, 2), { maxLength: 2 }));
const health = fc.constantFrom('healthy' as const, 'unhealthy' as const);
const some = <Shape>(shape: { [Key in keyof Shape]: fc.Arbitrary<Shape[Key]> }) =>
  fc.record(shape, { requiredKeys: [] });
const endpointSelector = some({
  id: patterns,
  address: patterns,
  port,
  health,
  draining: fc.boolean(),
  metadata: keyed,
});
const { selector } = fc.letrec<{ selector: Selector }>((tie) => ({
  selector: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    word,
    some({
      name: patterns,
      source: patterns,
      port,
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      labels: keyed,
      metadata: keyed,
      endpoint: endpointSelector,
    }),
    fc.record({ any: fc.array(tie('selector'), { maxLength: 3 }) }),
    fc.record({ all: fc.array(tie('selector'), { maxLength: 3 }), port }),
    fc.record({ not: tie('selector') }),
  ) as fc.Arbitrary<Selector>,
}));
const subject: fc.Arbitrary<Service> = fc
  .record({
    name: fc.constantFrom('a', 'ab', 'and', ' '),
    port: fc.constantFrom(1, 2, 3),
    labels: fc.dictionary(fc.constantFrom('a', 'b', 'a b'), fc.constantFrom('a', 'b', ''), { maxKeys: 2 }),
    endpoints: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c'),
        port: fc.constantFrom(1, 2),
        health,
        draining: fc.boolean(),
        metadata: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('a', 'b'), { maxKeys: 2 }),
      }),
      { maxLength: 3, selector: ({ id }) => id },
    ),
  })
  .map(({ name, endpoints, ...rest }) =>
    service(name, { ...rest, source: 'a', endpoints: endpoints.map((one) => endpoint({ ...one, address: one.id })) }),
  );

describe('text and object', () => {
  test('mean the same', () => {
    fc.assert(
      fc.property(selector, subject, (wanted, one) => {
        const text = formatSelector(wanted);
        expect(text).not.toMatch(/[\n\r]/);
        const read = parseSelector(text);
        expect(compileSelector(read)(one)).toBe(compileSelector(wanted)(one));
        for (const each of one.endpoints) {
          expect(compileEndpointSelector(read)(each, one)).toBe(compileEndpointSelector(wanted)(each, one));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('any text is read, or refused with its place', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      ',',
      '=',
      '!=',
      'and',
      'or',
      'not',
      'in',
      'name',
      'label.a',
      '"',
      ' ',
      'x',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let read: Selector;
        try {
          read = parseSelector(text);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect((error as Error).message).toMatch(/at character \d+$/);
          return;
        }
        expect(parseSelector(formatSelector(read))).toEqual(
          parseSelector(formatSelector(parseSelector(formatSelector(read)))),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('several are joined by or', () => {
    expect(formatSelector(['/a', { port: 1, source: 'x' }])).toBe('/a or port=1 and source=x');
    expect(formatSelector([])).toBe('not *');
  });
});
