import { pluginCases } from '../../../packages/testkit/src/contracts/plugin/plugin-cases.ts';
import { sinkCases } from '../../../packages/testkit/src/contracts/sink/sink-cases.ts';
import { sourceCases } from '../../../packages/testkit/src/contracts/source/source-cases.ts';
import { transformCases } from '../../../packages/testkit/src/contracts/transform/transform-cases.ts';

/** The promises of plugins, as the contract suites test them. */
export function describeContracts(): string {
  const sections = {
    'Every plugin': pluginCases,
    'Every source': sourceCases,
    'Every transform': transformCases,
    'Every sink': sinkCases,
  };
  return Object.entries(sections)
    .map(
      ([title, cases]) =>
        `## ${title}\n\n${Object.keys(cases)
          .map((name) => `- ${name}`)
          .join('\n')}`,
    )
    .join('\n\n');
}
