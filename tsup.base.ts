import type { Options } from 'tsup';

/**
 * One build for every package: ES modules only, declarations beside them.
 * `ignoreDeprecations` is needed for the declaration build alone, which sets an option that TypeScript 6 deprecates.
 */
export function library(entry: Record<string, string>): Options {
  return {
    entry,
    format: 'esm',
    target: 'node20.19',
    dts: { compilerOptions: { ignoreDeprecations: '6.0', customConditions: [] } },
    sourcemap: true,
    clean: true,
    splitting: true,
  };
}
