import type { Service, Transform } from '@signalbox/core';
import type { Waiver } from '../contract.ts';
import type { PluginHarness } from '../plugin/plugin-harness.ts';
import type { TransformTest } from './transform-cases.ts';

export interface TransformHarness<Options> extends PluginHarness<'transform', Options, Transform> {
  readonly options: Options;
  /** With these options, the transform changes or takes out at least one of them and leaves at least one as it is. */
  readonly services: readonly Service[];
  /** Releases what the options refer to (a folder with rules), after each test that made a transform. */
  readonly cleanUp?: () => Promise<void>;
}

export interface TransformContractOptions<Options> extends TransformHarness<Options> {
  readonly skip?: readonly Waiver<TransformTest>[];
}
