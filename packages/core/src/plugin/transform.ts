import type { Service } from '../model/service.ts';
import type { PluginContext } from './context.ts';
import type { Warning } from './sink.ts';

/** Changes how services are exposed, filters or joins them. */
export interface Transform {
  /**
   * Pure and synchronous for a given state of its own inputs.
   * Returns unchanged services as the same objects, makes of the same object the same object again, and never changes an id: an id
   * that comes twice breaks the contract.
   * Throws while it does not know its own inputs: then its last result stays in force, and until the first one there is no catalog.
   */
  transform(services: readonly Service[]): Iterable<Service>;
  /** Only for a transform with inputs of its own (rules, overrides): yields when `transform` would now answer differently. Started again, with backoff, when it throws or ends. */
  changes?(context: PluginContext): AsyncIterable<unknown>;
  /** What of its options had no effect on the services that it was given last, such as a rule that matched none. Asked when somebody looks. */
  warnings?(): readonly Warning[];
  /**
   * What it did to a service when it was given services last: one line each, for people, naming the part of its options that
   * decided, or why it left the service as it is although it is meant. Nothing for what does not concern it. May be asked for the id of
   * a service that it took out or joined to another.
   */
  explain?(serviceId: string): readonly string[];
}
