import { defineConfig } from 'vitest/config';

/** Tests are split by kind, not by package: fast ones first, those with real proxies and the built CLI in a row of their own. */
export default defineConfig({
  resolve: { conditions: ['@signalbox/source'] },
  ssr: { resolve: { conditions: ['@signalbox/source'] } },
  test: {
    allowOnly: !process.env.CI,
    restoreMocks: true,
    reporters: ['default', './scripts/closing-line-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Files share a worker and what it imported, which costs a third of the CPU; a test that replaces a module stands in a package's test folder.
          isolate: false,
          include: ['packages/*/src/**/*.test.ts', 'scripts/*.test.ts'],
          testTimeout: 15_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'proxy',
          include: ['packages/*/test/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // They wait for proxies most of the time.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts', 'examples/*/test/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
