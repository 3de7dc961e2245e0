import type { PipelineOptions } from './options.ts';
import type { Pipeline } from './pipeline-interface.ts';

export function createPipeline(_options: PipelineOptions): Pipeline {
  throw new Error('being built');
}
