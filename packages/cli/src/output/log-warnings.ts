import type { Logger, Pipeline, PipelineEvent, Warning } from '@signalbox/core';
import { printable } from './text.ts';

type Kind = 'source' | 'sink';

/**
 * Tells what a source or a sink leaves out: each warning once, when an answer or a plan has it for the first time, and once more when a later
 * one has it no longer. Every plan repeats all of its warnings, and there is one a minute at least. Returns the way to stop it.
 */
export function logWarnings(
  pipeline: Pipeline,
  logger: Logger,
  kinds: readonly Kind[] = ['source', 'sink'],
): () => void {
  const known = new Map<string, ReadonlyMap<string, Warning>>();
  return pipeline.subscribe((event) => {
    const subject = subjectOf(event);
    if (subject === undefined || !kinds.includes(subject.kind)) return;
    const { kind, id } = subject;
    const key = `${kind} ${id}`;
    const before = known.get(key) ?? new Map<string, Warning>();
    const now = new Map(subject.warnings.map((warning) => [keyOf(warning), warning]));
    known.set(key, now);
    const tell = (level: 'warn' | 'info', { message, service }: Warning, prefix: string): void => {
      const concerned = service === undefined ? '' : `${service}: `;
      logger[level](
        { event: `${kind}-warning`, [kind]: id, ...(service !== undefined && { service }), active: level === 'warn' },
        printable(`${prefix}${key}: ${concerned}${message}`),
      );
    };
    for (const [warningKey, warning] of now) if (!before.has(warningKey)) tell('warn', warning, '');
    for (const [warningKey, warning] of before) if (!now.has(warningKey)) tell('info', warning, 'no longer: ');
  });
}

interface Subject {
  readonly kind: Kind;
  readonly id: string;
  readonly warnings: readonly Warning[];
}

function subjectOf(event: PipelineEvent): Subject | undefined {
  if (event.type === 'sink-plan') return { kind: 'sink', id: event.sink, warnings: event.warnings };
  if (event.type === 'source-sync') return { kind: 'source', id: event.source, warnings: event.warnings };
  return undefined;
}

function keyOf({ service, message }: Warning): string {
  return JSON.stringify([service, message]);
}
