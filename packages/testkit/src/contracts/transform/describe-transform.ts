import { withPluginCases } from '../plugin/with-plugin-cases.ts';
import { registerContract } from '../register.ts';
import { transformCases } from './transform-cases.ts';
import type { TransformContractOptions } from './transform-harness.ts';

/**
 * Registers the contract of a transform as vitest tests.
 *
 * @example
 * describeTransformContract('filter', {
 *   plugin: filter,
 *   packageType: 'filter',
 *   load: () => import('./filter.ts'),
 *   options: { keep: '/shop/*' },
 *   services: [service('/shop/web'), service('/internal/db')],
 * });
 */
export function describeTransformContract<Options extends object>(
  name: string,
  options: TransformContractOptions<Options>,
): void {
  const { skip = [], ...harness } = options;
  const withOptions = (body: (options: object) => Promise<void>): Promise<void> => body(harness.options);
  registerContract(
    name,
    withPluginCases(transformCases, { ...harness, kind: 'transform', withOptions }),
    options,
    skip,
  );
}
