import { service } from '@signalbox/testkit';
import { describeTransformContract } from '@signalbox/testkit/contracts';
import { describe, expect, test } from 'vitest';
import { type FilterOptions, filter } from './filter.ts';
import { messageOf } from './testing/message-of.ts';

const web = service('/shop/web', { labels: { tier: 'front' }, port: 10_000 });
const cart = service('/shop/cart', { labels: { tier: 'back' } });
const batch = service('/jobs/batch', { source: 'old' });

describeTransformContract('filter', {
  plugin: filter,
  packageType: 'filter',
  load: () => import('./filter.ts'),
  options: { keep: '/shop/*' },
  services: [web, cart, batch],
});

function namesKept(options: FilterOptions): string[] {
  return [...filter(options).transform([web, cart, batch])].map(({ name }) => name);
}

describe('filter', () => {
  test.each<[what: string, options: FilterOptions, names: string[]]>([
    ['keeps by name', { keep: '/shop/web' }, ['/shop/web']],
    ['keeps by any of several selectors', { keep: ['/shop/web', { source: 'old' }] }, ['/shop/web', '/jobs/batch']],
    ['drops by label', { drop: { labels: { tier: 'back' } } }, ['/shop/web', '/jobs/batch']],
    ['drops what it would keep', { keep: '/shop/*', drop: { labels: { tier: 'back' } } }, ['/shop/web']],
    ['asks whether a label exists', { keep: { labels: { tier: false } } }, ['/jobs/batch']],
    ['keeps by port', { keep: { port: [10_000, 10_001] } }, ['/shop/web']],
    ['negates', { keep: { not: { name: ['/shop/web', '/jobs/*'] } } }, ['/shop/cart']],
    ['keeps by protocol', { keep: { protocol: 'udp' } }, []],
    ['drops by an endpoint', { drop: { endpoint: { port: 8001, health: ['healthy', 'unknown'] } } }, []],
    ['nests', { keep: { all: ['/shop/*', { any: [{ port: 10_000 }, { not: '*' }] }] } }, ['/shop/web']],
  ])('%s', (_, options, names) => {
    expect(namesKept(options)).toEqual(names);
  });

  test.each([
    ['source=mesos and label.team=red', ': { "source": "mesos", "labels": { "team": "red" } }'],
    ['/shop/* or /blog/*', ': { "any": [ "/shop/*", "/blog/*" ] }'],
    ['name==/shop', ''],
  ])('refuses the language of the command line, which would match nothing: %s', (keep, map) => {
    expect(messageOf(() => filter({ keep }))).toContain(`a text is a pattern of the name; write a map instead${map}`);
  });

  test('says why a service does not go on', () => {
    const transform = filter({ keep: ['/shop/*', { source: 'old' }], drop: { labels: { tier: 'back' } } });
    const outside = service('/blog');
    transform.transform([web, cart, outside]);
    expect(transform.explain?.(web.id)).toEqual([]);
    expect(transform.explain?.(cart.id)).toEqual(['drops it: it matches label.tier=back']);
    expect(transform.explain?.(outside.id)).toEqual(['does not keep it: it does not match /shop/* or source=old']);
  });

  test.each<[what: string, options: unknown, message: RegExp]>([
    ['nothing', {}, /expected keep, drop or both/],
    ['an empty selector', { keep: {} }, /keep: an empty selector; use "\*" for every service/],
    ['an empty pattern', { keep: '' }, /keep: an empty pattern/],
    ['an empty list', { drop: [] }, /drop: an empty list/],
    ['a number', { keep: 5 }, /keep: expected a name pattern such as/],
    ['an unknown key', { keep: { nmae: '/x' } }, /keep: [^;]*"nmae"$/],
    ['a port that is none', { keep: { port: 70_000 } }, /keep\.port: .*65535/],
    ['a health that is none', { keep: { endpoint: { health: 'ill' } } }, /keep: endpoint\.health: .*"unhealthy"/],
    ['an empty endpoint', { keep: { endpoint: {} } }, /keep\.endpoint: an empty selector/],
    ['an unknown key of an endpoint', { keep: { endpoint: { host: 'x' } } }, /keep\.endpoint: [^;]*"host"$/],
    ['an unknown key deep inside', { keep: { any: [{ not: { nmae: '/x' } }] } }, /keep\.any\.0\.not: [^;]*"nmae"$/],
  ])('refuses %s, and says why', (_, options, message) => {
    expect(messageOf(() => filter(options as FilterOptions))).toMatch(message);
  });
});
