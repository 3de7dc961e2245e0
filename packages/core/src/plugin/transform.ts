import type { Service } from '../model/service.ts';
import type { PluginContext } from './context.ts';

/** Changes how services are exposed, filters or joins them. */
export interface Transform {
  /**
   * Pure and synchronous for a given state of its own inputs.
   * Returns unchanged services as the same objects, and never changes an id.
   */
  transform(services: readonly Service[]): Iterable<Service>;
  /** Only for a transform with inputs of its own (rules, overrides): yields when `transform` would now answer differently. */
  changes?(context: PluginContext): AsyncIterable<unknown>;
}
