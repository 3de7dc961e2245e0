import { ConfigError } from '../errors/config-error.ts';
import { toSinkEntry } from './entries.ts';
import type { PipelineOptions } from './options.ts';

/** @throws {ConfigError} `CONFIG_INVALID` */
export function checkOptions({ sources, sinks, resyncMs }: PipelineOptions): void {
  const refuse = (message: string): never => {
    throw new ConfigError(message, { code: 'CONFIG_INVALID' });
  };
  const ids = Object.keys(sources);
  if (ids.length === 0) refuse('a pipeline needs at least one source');
  for (const id of ids) {
    if (id === '' || id.includes(':'))
      refuse(`the source id "${id}" is empty or has a colon, which ends it in service ids`);
  }
  for (const wait of [resyncMs, ...Object.values(sinks).map((sink) => toSinkEntry(sink).resyncMs)]) {
    if (wait !== undefined && !(wait > 0))
      refuse(`resyncMs is ${wait}; it has to be above 0, and Infinity switches it off`);
  }
}
