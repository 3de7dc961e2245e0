import type { Logger } from './logger.ts';

/** What the runtime hands to every method of a plugin. */
export interface PluginContext {
  /** The key under which the user configured this plugin, e.g. `mesos`. */
  readonly id: string;
  /** Aborted when the work is no longer wanted. Every wait, timer, process and request ends with it. */
  readonly signal: AbortSignal;
  /** For what the runtime cannot know. In normal operation a plugin logs nothing. */
  readonly logger: Logger;
}
