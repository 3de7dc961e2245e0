import { endpoint, type ServiceValues, service } from '@signalbox/testkit';
import { describeTransformContract } from '@signalbox/testkit/contracts';
import { expect, test } from 'vitest';
import { messageOf } from './testing/message-of.ts';
import { run } from './testing/run.ts';
import { type WeightOptions, type WeightRule, weight } from './weight.ts';

const endpoints = [
  endpoint({ id: 'a', port: 1, metadata: { agent: 'old-1' } }),
  endpoint({ id: 'b', port: 2, metadata: { agent: 'new-1' } }),
];
const web = service('/web', { endpoints });
const onOld = { endpoint: { metadata: { agent: 'old-*' } } };

describeTransformContract('weight', {
  plugin: weight,
  packageType: 'weight',
  load: () => import('./weight.ts'),
  options: { rules: [{ match: onOld, scale: 0.5 }] },
  services: [web, service('/other')],
});

function weightsOf(rules: readonly WeightRule[], values: ServiceValues = { endpoints }): (number | undefined)[] {
  return run(weight({ rules }), [service('/web', values)]).flatMap((one) => one.endpoints.map((each) => each.weight));
}

const weighted = (...weights: (number | undefined)[]): ServiceValues => ({
  endpoints: weights.map((each, index) =>
    endpoint({ ...endpoints[index], ...(each === undefined ? {} : { weight: each }) }),
  ),
});

test.each<[what: string, rules: WeightRule[], weights: (number | undefined)[], values?: ServiceValues]>([
  ['sets', [{ match: '/web', weight: 7 }], [7, 7]],
  ['sets some, against 100 of the others', [{ match: onOld, weight: 50 }], [50, 100]],
  ['scales', [{ match: onOld, scale: 0.25 }], [25, 100]],
  ['scales what there is', [{ match: onOld, scale: 2 }], [20, 30], weighted(10, 30)],
  ['counts one without a weight as 1 beside others', [{ match: onOld, scale: 4 }], [4, 30], weighted(undefined, 30)],
  [
    'applies rules in order',
    [
      { match: '*', weight: 10 },
      { match: onOld, scale: 3 },
    ],
    [30, 10],
  ],
  ['keeps proportions above the limit', [{ match: onOld, scale: 10 }], [256, 26]],
  ['rounds nobody out', [{ match: onOld, scale: 0.001 }], [1, 100]],
  ['takes out on purpose', [{ match: onOld, weight: 0 }], [0, 100]],
  ['leaves others', [{ match: '/other', weight: 1 }], [undefined, undefined]],
])('%s', (_, rules, weights, values) => {
  expect(weightsOf(rules, values)).toEqual(weights);
});

test('what has the weight already stays the same object', () => {
  const set = service('/web', weighted(5, 5));
  expect(run(weight({ rules: [{ match: '*', weight: 5 }] }), [set])[0]).toBe(set);
});

test('it says what it did, and which rules did nothing', () => {
  const transform = weight({
    rules: [
      { match: onOld, weight: 50 },
      { match: '/x', scale: 2 },
    ],
  });
  run(transform, [web]);
  expect(transform.explain?.(web.id)).toEqual([
    'rule 1 (endpoint.metadata.agent=old-*) sets the weight 50 of 1 of 2 endpoints',
  ]);
  expect(transform.warnings?.()).toEqual([{ message: 'rule 2 of weight matches no endpoint: /x' }]);
});

test.each<[rule: object, message: RegExp]>([
  [{}, /rules\.0: expected either weight or scale/],
  [{ weight: 1, scale: 1 }, /expected either weight or scale/],
  [{ weight: 257 }, /rules\.0\.weight: .*256/],
  [{ weight: 0.5 }, /rules\.0\.weight: .*int/],
  [{ scale: -1 }, /rules\.0\.scale: /],
])('refuses %j', (rule, message) => {
  expect(messageOf(() => weight({ rules: [{ match: '*', ...rule }] } as WeightOptions))).toMatch(message);
});
