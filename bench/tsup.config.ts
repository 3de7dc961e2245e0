import { defineConfig } from 'tsup';

/**
 * One bundle of the packages' sources: what is measured is what is in the tree, without a build of every package before, and without the helpers
 * that tools which run TypeScript directly put into every function.
 */
export default defineConfig({
  entry: {
    main: 'src/main.ts',
    'cluster-process': 'src/cluster/cluster-process.ts',
    'replay-process': 'src/replay/replay-process.ts',
    'memory-process': 'src/measurements/memory-process.ts',
  },
  format: 'esm',
  target: 'node20.19',
  noExternal: [/^@signalbox\//],
  external: ['diff', 'dns-packet', 'eventsource-parser', 'liquidjs', 'undici', 'yaml', 'zod'],
  esbuildOptions(options) {
    options.conditions = ['@signalbox/source'];
  },
  sourcemap: true,
  clean: true,
  silent: true,
});
