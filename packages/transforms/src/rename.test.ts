import { service } from '@signalbox/testkit';
import { describeTransformContract } from '@signalbox/testkit/contracts';
import { expect, test } from 'vitest';
import { type RenameOptions, type RenameRule, rename } from './rename.ts';
import { messageOf } from './testing/message-of.ts';
import { run } from './testing/run.ts';

const cart = service('/shop/cart', { id: 'mesos:/shop/cart#http', port: 10_001, labels: { team: 'shop', odd: '{1}' } });
const batch = service('/jobs/batch');

describeTransformContract('rename', {
  plugin: rename,
  packageType: 'rename',
  load: () => import('./rename.ts'),
  options: { rules: [{ pattern: '/shop/*', to: 'shop-{1}' }] },
  services: [cart, batch],
});

const nameOf = (...rules: RenameRule[]): string | undefined => run(rename({ rules }), [cart])[0]?.name;

test.each<[rules: RenameRule[], name: string]>([
  [[{ to: 'x' }], 'x'],
  [[{ pattern: '/*/*', to: '{2}.{1}' }], 'cart.shop'],
  [[{ pattern: '/*', to: '{1}' }], 'shop/cart'],
  [[{ to: '{source}:{name}:{port}:{portName}:{label.team}' }], 'mesos:/shop/cart:10001:http:shop'],
  [[{ match: '/jobs/*', to: 'x' }, { match: { source: 'mesos' }, to: 'y' }, { to: 'z' }], 'y'],
  [[{ to: '{label.other}' }], '/shop/cart'],
  [[{ to: '{label.constructor}' }], '/shop/cart'],
  [[{ pattern: '/shop/*', to: '{label.odd}' }], '{1}'],
  [[{ pattern: '/shop/cart*', to: '{1}' }], '/shop/cart'],
])('%j', (rules, name) => {
  expect(nameOf(...rules)).toBe(name);
});

test('it says what it did, and which rules did nothing', () => {
  const transform = rename({
    rules: [
      { pattern: '/shop/*', to: '{1}' },
      { match: '/x', to: 'y' },
    ],
  });
  run(transform, [cart, batch]);
  expect(transform.explain?.(cart.id)).toEqual(['rule 1 calls "/shop/cart" now "cart"']);
  expect(transform.explain?.(batch.id)).toEqual([]);
  expect(transform.warnings?.()).toEqual([{ message: 'rule 2 of rename names no service: /x, *' }]);
});

test('a long odd name takes no time', () => {
  const name = '/a'.repeat(50_000);
  const [result] = run(rename({ rules: [{ pattern: `${'*a'.repeat(30)}*b`, to: '{1}' }] }), [service(name)]);
  expect(result?.name).toBe(name);
});

test.each<[rule: unknown, message: RegExp]>([
  [{ to: '' }, /rules\.0\.to: expected a name/],
  [{ to: '{2}' }, /rules\.0\.to: \{2\} has no star: the pattern has 1/],
  [{ to: '{team}' }, /\{team\} means nothing; expected \{1\}, \{name\}/],
  [{ to: '{1' }, /a brace that has no partner/],
  [{ pattern: '', to: 'x' }, /an empty pattern matches nothing/],
  [{ too: 'x' }, /rules\.0/],
])('refuses %j', (rule, message) => {
  expect(messageOf(() => rename({ rules: [rule] } as RenameOptions))).toMatch(message);
});
