import { expect, it } from 'vitest';
import { isAtLeast, parseVersion } from './program.ts';

it('reads the version of nginx and of what is made of it, and refuses what is too old', () => {
  expect(parseVersion('nginx version: nginx/1.22.1\nbuilt with OpenSSL 3.0.22')).toBe('1.22.1');
  expect(parseVersion('nginx version: openresty/1.25.3.1')).toBe('1.25.3');
  for (const output of ['nginx version: nginx/1.16.1', 'command not found', '']) {
    expect(() => parseVersion(output)).toThrow('not a version that is supported');
  }
});

it('compares versions by number, not by text', () => {
  expect(isAtLeast('1.30.6', [1, 27, 4])).toBe(true);
  expect(isAtLeast('1.27.4', [1, 27, 4])).toBe(true);
  expect(isAtLeast('1.27.3', [1, 27, 4])).toBe(false);
  expect(isAtLeast('1.4.10', [1, 27, 4])).toBe(false);
  expect(isAtLeast('2.0.0', [1, 27, 4])).toBe(true);
});
