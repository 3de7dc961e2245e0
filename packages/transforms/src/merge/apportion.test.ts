import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apportionWeights, type Group } from './apportion.ts';

const equal = (count: number): number[] => Array.from({ length: count }, () => 1);

describe('weights', () => {
  test.each<[what: string, groups: Group[], weights: number[][]]>([
    [
      '90 to 10, one endpoint each',
      [
        { share: 90, weights: [1] },
        { share: 10, weights: [1] },
      ],
      [[252], [28]],
    ],
    [
      '90 to 10, three and one',
      [
        { share: 90, weights: equal(3) },
        { share: 10, weights: [1] },
      ],
      [[255, 255, 255], [85]],
    ],
    [
      'nothing to all',
      [
        { share: 0, weights: equal(2) },
        { share: 100, weights: [1] },
      ],
      [[0, 0], [255]],
    ],
    [
      'a group without endpoints',
      [
        { share: 90, weights: [] },
        { share: 5, weights: [1] },
        { share: 5, weights: [1] },
      ],
      [[], [255], [255]],
    ],
    ['own weights', [{ share: 1, weights: [1, 2, 0] }], [[127, 254, 0]]],
    ['nobody', [{ share: 1, weights: [0] }], [[0]]],
    ['nothing for anybody', [{ share: 0, weights: [1, 1] }], [[0, 0]]],
    ['no groups', [], []],
  ])('%s', (_, groups, weights) => {
    expect(apportionWeights(groups)).toEqual(weights);
  });

  test('a small share of many endpoints does not grow with their number', () => {
    const [many = [], [one = 0] = []] = apportionWeights([
      { share: 1, weights: equal(200) },
      { share: 99, weights: [1] },
    ]);
    const total = many.reduce((sum, weight) => sum + weight, 0);
    expect(total / (total + one)).toBeCloseTo(0.01, 2);
  });
});

test('shares are right within the bound that is promised, whatever the number of endpoints', () => {
  const group = fc.record({
    share: fc.integer({ min: 1, max: 100 }),
    weights: fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.array(group, { minLength: 1, maxLength: 4 }), (groups) => {
      const weights = apportionWeights(groups);
      expect(weights.flat().every((weight) => Number.isInteger(weight) && weight >= 0 && weight <= 256)).toBe(true);
      const sums = weights.map((each) => each.reduce((sum, weight) => sum + weight, 0));
      const all = sums.reduce((sum, each) => sum + each, 0);
      const wanted = groups.reduce((sum, { share }) => sum + share, 0);
      const bound = Math.max(1, groups.length - 1) / (510 - groups.length);
      for (const [index, { share }] of groups.entries()) {
        expect(Math.abs((sums[index] ?? 0) / all - share / wanted)).toBeLessThan(bound);
      }
      // Within a group nobody is more than one step from the own weight.
      for (const [index, { weights: own }] of groups.entries()) {
        const total = own.reduce((sum, weight) => sum + weight, 0);
        for (const [position, weight] of own.entries()) {
          const quota = ((sums[index] ?? 0) * weight) / total;
          expect(Math.abs((weights[index]?.[position] ?? 0) - quota)).toBeLessThanOrEqual(1);
        }
      }
    }),
    { numRuns: 1_000 },
  );
});
