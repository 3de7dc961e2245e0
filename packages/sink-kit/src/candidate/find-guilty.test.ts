import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findGuiltyItems } from './find-guilty.ts';

const items = Array.from({ length: 64 }, (_, index) => index);

it('finds exactly the guilty ones, wherever they stand, in few checks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(63), { maxLength: 4 }), async (bad) => {
      let checks = 0;
      const guilty = await findGuiltyItems(items, async (candidate) => {
        checks += 1;
        return bad.some((item) => candidate.includes(item)) ? new Error('refused') : undefined;
      });
      expect(new Set(guilty?.map(({ item }) => item))).toEqual(new Set(bad));
      expect(checks).toBeLessThanOrEqual(2 + bad.length * 7);
    }),
  );
});

it('blames nobody when the candidate without any item is refused', async () => {
  expect(await findGuiltyItems([1, 2, 3], async () => new Error('refused'))).toBeUndefined();
});
