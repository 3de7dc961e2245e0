import { withPluginCases } from '../plugin/with-plugin-cases.ts';
import { registerContract } from '../register.ts';
import { sinkCases } from './sink-cases.ts';
import type { SinkContractOptions } from './sink-harness.ts';

/**
 * Registers the contract of a sink as vitest tests.
 *
 * @example
 * describeSinkContract('haproxy', {
 *   plugin: haproxy,
 *   packageType: 'haproxy',
 *   load: () => import('../src/index.ts'),
 *   start: async () => { … },
 * });
 */
export function describeSinkContract<Options extends object>(
  name: string,
  options: SinkContractOptions<Options>,
): void {
  const { skip = [], ...harness } = options;
  const withOptions = async (body: (options: object) => Promise<void>): Promise<void> => {
    const target = await harness.start();
    try {
      await body(target.options);
    } finally {
      await target.stop();
    }
  };
  registerContract(name, withPluginCases(sinkCases, { ...harness, kind: 'sink', withOptions }), options, skip);
}
