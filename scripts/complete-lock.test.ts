import { expect, test } from 'vitest';
import { completeLock, listMissing, platformOf, readLock } from './complete-lock.ts';

test('the lock file lists the packages of every platform', () => {
  expect(listMissing(readLock()), 'run: npx tsx scripts/complete-lock.ts').toEqual([]);
});

test('what is missing is added with its platform, once', () => {
  const lock = {
    packages: {
      'node_modules/tool': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@tool/linux-64': '1.0.0', '@tool/here': '1.0.0' },
      },
      'node_modules/tool/node_modules/@tool/here': { version: '1.0.0' },
    },
  };
  expect(listMissing(lock)).toEqual([{ parent: 'node_modules/tool', name: '@tool/linux-64', version: '1.0.0' }]);
  const complete = completeLock(lock);
  expect(complete.packages['node_modules/@tool/linux-64']).toEqual({
    version: '1.0.0',
    os: ['linux'],
    cpu: ['x64'],
    dev: true,
    optional: true,
  });
  expect(listMissing(complete)).toEqual([]);
});

test.each([
  ['@rollup/rollup-linux-arm64-musl', { os: ['linux'], cpu: ['arm64'], libc: ['musl'] }],
  ['@rollup/rollup-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
  ['@turbo/windows-64', { os: ['win32'], cpu: ['x64'] }],
  ['@oxc-parser/binding-win32-ia32-msvc', { os: ['win32'], cpu: ['ia32'] }],
])('%s is for its platform', (name, platform) => {
  expect(platformOf(name)).toEqual(platform);
});
