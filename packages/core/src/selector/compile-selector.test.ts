import { endpoint, service } from '@signalbox/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileEndpointSelector, compileSelector, portNameOf, sourceIdOf } from './compile-selector.ts';
import type { Selector } from './selector.ts';

const web = service('/shop/web', {
  id: 'mesos:/shop/web#http',
  port: 10_000,
  labels: { tier: 'front', empty: '', 'odd*key': '1' },
  appProtocol: 'http',
  metadata: { version: '7' },
  endpoints: [
    endpoint({ id: 'a', address: '10.0.0.1', port: 31_000, metadata: { agent: 'rack-1' } }),
    endpoint({ id: 'b', address: '10.0.0.2', port: 31_001, health: 'unhealthy', draining: true }),
  ],
});

describe('a selector', () => {
  test.each<[selector: Selector, matches: boolean]>([
    ['/shop/web', true],
    ['/shop', false],
    ['/shop/*', true],
    ['*', true],
    ['*/web', true],
    ['/s*p/*b', true],
    ['/shop/web*web', false],
    ['', false],
    [{}, true],
    [{ id: 'mesos:*' }, true],
    [{ source: 'mesos' }, true],
    [{ source: 'me' }, false],
    [{ portName: ['admin', 'http'] }, true],
    [{ port: 10_000 }, true],
    [{ port: [1, 2] }, false],
    [{ labels: { tier: 'fr*' } }, true],
    [{ labels: { tier: ['back', 'front'] } }, true],
    [{ labels: { tier: 'back' } }, false],
    [{ labels: { tier: true, other: false } }, true],
    [{ labels: { empty: true } }, true],
    [{ labels: { empty: '' } }, true],
    [{ labels: { other: '*' } }, false],
    [{ labels: { constructor: true } }, false],
    [{ labels: { toString: '*' } }, false],
    [{ protocol: 'tcp' }, true],
    [{ protocol: ['udp'] }, false],
    [{ appProtocol: ['http', 'h2c'] }, true],
    [{ metadata: { version: '7*' } }, true],
    [{ metadata: { region: true } }, false],
    [{ endpoint: { address: '10.0.0.*', port: 31_000 } }, true],
    [{ endpoint: { address: '10.0.0.1', port: 31_001 } }, false],
    [{ endpoint: { id: 'b', health: 'unhealthy', draining: true } }, true],
    [{ endpoint: { id: 'a', draining: false, metadata: { agent: 'rack-*' } } }, true],
    [{ not: { endpoint: { health: 'unhealthy' } } }, false],
    [{ endpoint: { metadata: { agent: false } } }, true],
    [{ name: '/shop/*', port: 1 }, false],
    [{ any: ['/other', { port: 10_000 }] }, true],
    [{ any: [] }, false],
    [{ all: ['/shop/*', { port: 10_000 }] }, true],
    [{ all: ['/shop/*', '/other'] }, false],
    [{ not: '/other' }, true],
    [{ not: { any: ['/shop/*'] } }, false],
  ])('%j: %s', (selector, matches) => {
    expect(compileSelector(selector)(web)).toBe(matches);
  });

  test.each<[selector: Selector, ids: string[]]>([
    ['/shop/web', ['a', 'b']],
    ['/other', []],
    [{ endpoint: { metadata: { agent: 'rack-1' } } }, ['a']],
    [{ source: 'mesos', not: { endpoint: { health: 'unhealthy' } } }, ['a']],
    [{ any: [{ endpoint: { port: [31_001] } }, '/other'] }, ['b']],
    [{ all: [{ endpoint: { id: 'a' } }, { endpoint: { id: 'b' } }] }, []],
  ])('%j chooses the endpoints %j', (selector, ids) => {
    const matches = compileEndpointSelector(selector);
    expect(web.endpoints.filter((one) => matches(one, web)).map(({ id }) => id)).toEqual(ids);
  });

  test('does not match a port where there is none', () => {
    expect(compileSelector({ port: 1 })(service('/x'))).toBe(false);
  });

  test('reads a star as any run of characters, like a regular expression would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '/', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const expression = new RegExp(`^${pattern.replace(/[./]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
        expect(compileSelector(pattern)(service(name))).toBe(expression.test(name));
      }),
      { numRuns: 2_000 },
    );
  });

  test('stays fast where a regular expression would not', () => {
    const matches = compileSelector(`${'*a'.repeat(40)}*b`);
    expect(matches(service('a'.repeat(50_000)))).toBe(false);
  });
});

test.each([
  ['mesos:/shop/web#http', 'mesos', 'http'],
  ['mesos:/a:b#c#0', 'mesos', '0'],
  ['nothing', '', ''],
])('the parts of the id %s', (id, source, port) => {
  expect([sourceIdOf(id), portNameOf(id)]).toEqual([source, port]);
});
