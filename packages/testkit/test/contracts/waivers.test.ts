import { describe, expect, test } from 'vitest';
import { checkWaivers, expectWaived } from '../../src/contracts/register.ts';
import type { TransformContractOptions } from '../../src/contracts/transform/transform-harness.ts';

describe('waivers', () => {
  test('need a reason that says something', () => {
    expect(() => checkWaivers('x', { known: true }, [{ test: 'known', reason: ' ' }])).toThrow('needs a reason');
  });

  test('need a test that exists', () => {
    expect(() => checkWaivers('x', { known: true }, [{ test: 'other', reason: 'so' }])).toThrow(
      'there is no test "other"',
    );
  });

  test('fail the run once the test would pass', async () => {
    await expect(expectWaived('a test', async () => {}, {})).rejects.toThrow('take the waiver out');
  });

  test('hold as long as the test fails', async () => {
    const failing = async (): Promise<void> => {
      throw new Error('as it always did');
    };
    await expect(expectWaived('a test', failing, {})).resolves.toBeUndefined();
  });

  test('are typed: a reason is no option, and a name is one of the contract', () => {
    type Skips = NonNullable<TransformContractOptions<object>['skip']>;
    // @ts-expect-error a waiver has a reason
    const unreasoned: Skips = [{ test: 'survives hostile text' }];
    // @ts-expect-error there is no such test
    const unknown: Skips = [{ test: 'is nice', reason: 'so' }];
    expect([...unreasoned, ...unknown]).toHaveLength(2);
  });
});
