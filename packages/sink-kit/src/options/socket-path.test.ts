import { expect, it } from 'vitest';
import { assertSocketPath } from './socket-path.ts';

it('takes a path of 107 bytes, or of as many as a program takes, and none that is longer', () => {
  expect(() => assertSocketPath('/'.repeat(107))).not.toThrow();
  expect(() => assertSocketPath('/'.repeat(108))).toThrow('has 108 bytes, and at most 107 fit');
  expect(() => assertSocketPath('/ü', 2)).toThrow('has 3 bytes, and at most 2 fit');
});
