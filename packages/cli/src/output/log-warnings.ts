import type { Logger, Pipeline, PipelineEvent, Warning } from '@signalbox/core';
import { printable } from './text.ts';

type Kind = 'source' | 'transform' | 'sink';

const allKinds: readonly Kind[] = ['source', 'transform', 'sink'];

/** Endpoints may change many times a second, and to ask the transforms costs a look at every service. */
const transformsIntervalMs = 1_000;

/**
 * Tells what a source, a transform or a sink leaves out: each warning once, when it is there for the first time, and once more when it is no
 * longer. Every answer and every plan repeats all of its warnings, and there is one a minute at least. Returns the way to stop it.
 */
export function logWarnings(pipeline: Pipeline, logger: Logger, kinds: readonly Kind[] = allKinds): () => void {
  const log = new WarningLog(logger);
  let timer: NodeJS.Timeout | undefined;
  const askTransforms = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const [id, { warnings }] of Object.entries(pipeline.status.transforms)) {
      // Their messages name the services themselves.
      log.update('transform', id, `transform ${id}`, warnings, ({ message }) => message);
    }
  };
  const unsubscribe = pipeline.subscribe((event) => {
    const subject = subjectOf(event);
    if (subject !== undefined && kinds.includes(subject.kind)) {
      const { kind, id, warnings } = subject;
      log.update(kind, id, `${kind} ${id}`, warnings, ({ service, message }) =>
        service === undefined ? message : `${service}: ${message}`,
      );
    }
    if (!kinds.includes('transform') || !mayChangeTransforms(event)) return;
    if (isStructural(event)) askTransforms();
    else timer ??= setTimeout(askTransforms, transformsIntervalMs).unref();
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}

function mayChangeTransforms({ type }: PipelineEvent): boolean {
  return type === 'catalog-change' || type === 'transform-change' || type === 'transform-error';
}

/** Rare, and what most warnings of transforms are about: services that come or go, and their own inputs. */
function isStructural(event: PipelineEvent): boolean {
  if (event.type !== 'catalog-change') return true;
  const { added, removed, changed } = event.changes;
  return added.length + removed.length > 0 || changed.length === 0;
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

/** What each part warned of last, and what is new about it. */
class WarningLog {
  readonly #logger: Logger;
  readonly #known = new Map<string, ReadonlyMap<string, Warning>>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  update(
    kind: Kind,
    id: string,
    name: string,
    warnings: readonly Warning[],
    describe: (warning: Warning) => string,
  ): void {
    const before = this.#known.get(`${kind} ${id}`) ?? new Map<string, Warning>();
    const now = new Map(warnings.map((warning) => [keyOf(warning), warning]));
    this.#known.set(`${kind} ${id}`, now);
    const tell = (level: 'warn' | 'info', warning: Warning, prefix: string): void => {
      const { service } = warning;
      this.#logger[level](
        { event: `${kind}-warning`, [kind]: id, ...(service !== undefined && { service }), active: level === 'warn' },
        printable(`${prefix}${name}: ${describe(warning)}`),
      );
    };
    for (const [key, warning] of now) if (!before.has(key)) tell('warn', warning, '');
    for (const [key, warning] of before) if (!now.has(key)) tell('info', warning, 'no longer: ');
  }
}

function keyOf({ service, message }: Warning): string {
  return JSON.stringify([service, message]);
}
