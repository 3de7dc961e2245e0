import { Cell, type PluginContext, type Source, type SourceUpdate } from '@signalbox/core';

/** A source that does what a test tells it, step by step. */
export interface ScriptedSource extends Source {
  /** The next step yields this set. */
  push(update: SourceUpdate): void;
  /** The next step throws this. */
  fail(error: unknown): void;
  /** The next step ends the watch. */
  end(): void;
  /** The next step never comes back, not even when the watch is aborted, until the returned function is called. */
  hang(): () => void;
  /** How often `watch` was started. */
  readonly starts: number;
  /** Watches that were started and have not ended. */
  readonly running: number;
  /** Steps that nobody has taken yet. */
  readonly remaining: number;
}

type Step =
  | { readonly kind: 'yield'; readonly update: SourceUpdate }
  | { readonly kind: 'throw'; readonly error: unknown }
  | { readonly kind: 'end' }
  | { readonly kind: 'hang'; readonly released: Promise<void> };

/**
 * Steps wait in a row until a watch takes them, each once. A watch that is started again goes on where the last one stopped,
 * and with no step left it waits, until the next step or its abort.
 *
 * @example
 * const source = scriptedSource([service('/web')]);   // yields one set, then waits
 * source.fail(new SourceError('…', { code: 'SOURCE_UNREACHABLE' }));
 */
export function scriptedSource(...updates: SourceUpdate[]): ScriptedSource {
  const steps: Step[] = updates.map((update) => ({ kind: 'yield', update }));
  const added = new Cell<Step>();
  let starts = 0;
  let running = 0;

  const add = (step: Step): void => {
    steps.push(step);
    added.set(step);
  };

  async function nextStep(signal: AbortSignal): Promise<Step> {
    for (;;) {
      signal.throwIfAborted();
      const { version } = added;
      const step = steps.shift();
      if (step !== undefined) return step;
      await added.changedSince(version, signal);
    }
  }

  return {
    async *watch({ signal }: PluginContext) {
      starts += 1;
      running += 1;
      try {
        for (;;) {
          const step = await nextStep(signal);
          if (step.kind === 'end') return;
          if (step.kind === 'throw') throw step.error;
          if (step.kind === 'hang') await step.released;
          else yield step.update;
        }
      } finally {
        running -= 1;
      }
    },
    push: (update) => add({ kind: 'yield', update }),
    fail: (error) => add({ kind: 'throw', error }),
    end: () => add({ kind: 'end' }),
    hang() {
      let release: () => void = () => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      add({ kind: 'hang', released });
      return release;
    },
    get starts() {
      return starts;
    },
    get running() {
      return running;
    },
    get remaining() {
      return steps.length;
    },
  };
}
