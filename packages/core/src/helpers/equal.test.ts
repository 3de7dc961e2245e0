import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEqualData } from './equal.ts';

describe('isEqualData', () => {
  test.each<[left: unknown, right: unknown, equal: boolean]>([
    [{ a: 1, b: [1, { c: 2 }] }, { b: [1, { c: 2 }], a: 1 }, true],
    [{ a: 1 }, { a: 1, b: undefined }, true],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1 }, false],
    [[1, 2], [2, 1], false],
    [[1, 2], [1, 2, 3], false],
    [[], {}, false],
    [null, {}, false],
    [null, undefined, false],
    ['1', 1, false],
  ])('%j and %j: %s', (left, right, equal) => {
    expect(isEqualData(left, right)).toBe(equal);
  });

  test.each(['constructor', 'toString', '__proto__', 'valueOf'])('sees a label that is named %s', (name) => {
    for (const value of ['x', {}]) {
      const labelled = JSON.parse(`{"${name}":${JSON.stringify(value)}}`) as unknown;
      expect(isEqualData({}, labelled)).toBe(false);
      expect(isEqualData(labelled, {})).toBe(false);
      expect(isEqualData(labelled, structuredClone(labelled))).toBe(true);
    }
  });

  test('agrees with Node about any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        // -0 is 0 in JSON.
        const [a, b] = [left, right].map((value) => JSON.parse(JSON.stringify(value)) as unknown);
        expect(isEqualData(a, b)).toBe(isDeepStrictEqual(a, b));
        expect(isEqualData(a, structuredClone(a))).toBe(true);
      }),
    );
  });
});
