export type { Waiver } from './contract.ts';
export type { PluginHarness } from './plugin/plugin-harness.ts';
export { describeSinkContract } from './sink/describe-sink.ts';
export type { SinkTest } from './sink/sink-cases.ts';
export type { SinkContractOptions, SinkHarness, SinkTarget } from './sink/sink-harness.ts';
export { describeSourceContract } from './source/describe-source.ts';
export type { SourceTest } from './source/source-cases.ts';
export type {
  Population,
  SourceContractOptions,
  SourceFault,
  SourceHarness,
  SourceUpstream,
} from './source/source-harness.ts';
export { describeTransformContract } from './transform/describe-transform.ts';
export type { TransformTest } from './transform/transform-cases.ts';
export type { TransformContractOptions, TransformHarness } from './transform/transform-harness.ts';
