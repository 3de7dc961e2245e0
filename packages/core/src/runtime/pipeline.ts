import { checkOptions } from './check-options.ts';
import { ComposedPipeline } from './composed-pipeline.ts';
import type { PipelineOptions } from './options.ts';
import type { Pipeline } from './pipeline-interface.ts';

/**
 * Puts a pipeline together. Nothing is opened and nothing runs before one of its methods is called.
 * @throws {ConfigError} `CONFIG_INVALID` when there is no source, or a source's id has a colon, or a resync would never rest.
 */
export function createPipeline(options: PipelineOptions): Pipeline {
  checkOptions(options);
  const pipeline = new ComposedPipeline(options);
  return {
    run: (signal) => pipeline.run(signal),
    once: (signal) => pipeline.once(signal),
    plan: (signal) => pipeline.plan(signal),
    collect: (signal, sinkId) => pipeline.collect(signal, sinkId),
    statistics: (signal, statisticsOptions) => pipeline.statistics(signal, statisticsOptions),
    inspect: (signal, work, inspectOptions) => pipeline.inspect(signal, work, inspectOptions),
    get catalog() {
      return pipeline.catalog;
    },
    get status() {
      return pipeline.status;
    },
    explain: (serviceId) => pipeline.explain(serviceId),
    get trace() {
      return pipeline.trace;
    },
    subscribe: (listener) => pipeline.subscribe(listener),
    confirm: (sourceId, serviceId) => pipeline.confirm(sourceId, serviceId),
  };
}
