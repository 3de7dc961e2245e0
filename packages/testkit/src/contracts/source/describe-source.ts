import { withPluginCases } from '../plugin/with-plugin-cases.ts';
import { registerContract } from '../register.ts';
import { sourceCases } from './source-cases.ts';
import type { SourceContractOptions } from './source-harness.ts';

/**
 * Registers the contract of a source as vitest tests.
 *
 * @example
 * describeSourceContract('marathon', {
 *   plugin: marathon,
 *   packageType: 'marathon',
 *   load: () => import('../src/index.ts'),
 *   start: async () => { … },
 *   skip: [{ test: 'repairs events that were lost', reason: 'the source only polls' }],
 * });
 */
export function describeSourceContract<Options extends object>(
  name: string,
  options: SourceContractOptions<Options>,
): void {
  const { skip = [], ...harness } = options;
  const withOptions = async (body: (options: object) => Promise<void>): Promise<void> => {
    const upstream = await harness.start();
    try {
      await body(upstream.options);
    } finally {
      await upstream.stop();
    }
  };
  registerContract(name, withPluginCases(sourceCases, { ...harness, kind: 'source', withOptions }), options, skip);
}
