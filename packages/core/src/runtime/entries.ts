import type { Sink } from '../plugin/sink.ts';
import type { Source } from '../plugin/source.ts';
import type { SinkEntry, SourceEntry } from './options.ts';

/** A bare plugin is short for an entry without settings of its own. */
export function toSourceEntry(source: Source | SourceEntry): SourceEntry {
  return 'watch' in source ? { source } : source;
}

export function toSinkEntry(sink: Sink | SinkEntry): SinkEntry {
  return 'plan' in sink ? { sink } : sink;
}
