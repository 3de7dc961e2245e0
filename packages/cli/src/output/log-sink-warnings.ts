import type { Logger, Pipeline, Warning } from '@signalbox/core';
import { printable } from './text.ts';

/**
 * Tells what a sink leaves out: each warning once, when a plan has it for the first time, and once more when a later plan
 * has it no longer. Every plan repeats all of its warnings, and there is one a minute at least. Returns the way to stop it.
 */
export function logSinkWarnings(pipeline: Pipeline, logger: Logger): () => void {
  const known = new Map<string, ReadonlyMap<string, Warning>>();
  return pipeline.subscribe((event) => {
    if (event.type !== 'sink-plan') return;
    const { sink } = event;
    const before = known.get(sink) ?? new Map<string, Warning>();
    const now = new Map(event.warnings.map((warning) => [keyOf(warning), warning]));
    known.set(sink, now);
    const tell = (level: 'warn' | 'info', { message, service }: Warning, prefix: string): void => {
      const subject = service === undefined ? '' : `${service}: `;
      logger[level](
        { event: 'sink-warning', sink, ...(service !== undefined && { service }), active: level === 'warn' },
        printable(`${prefix}sink ${sink}: ${subject}${message}`),
      );
    };
    for (const [key, warning] of now) if (!before.has(key)) tell('warn', warning, '');
    for (const [key, warning] of before) if (!now.has(key)) tell('info', warning, 'no longer: ');
  });
}

function keyOf({ service, message }: Warning): string {
  return JSON.stringify([service, message]);
}
