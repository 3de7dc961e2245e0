import { PipelineError } from '../errors/pipeline-error.ts';
import { messageOf, wrapPluginError } from '../errors/wrap.ts';
import { consumeWithRestart } from '../helpers/restarting.ts';
import type { Service } from '../model/service.ts';
import type { Logger } from '../plugin/logger.ts';
import type { Transform } from '../plugin/transform.ts';
import type { Emit } from './event-hub.ts';
import { Interner } from './intern.ts';
import type { TransformExplanation, TransformStatus } from './status.ts';

export interface TransformStageOptions {
  /** Where the list stands in the options of the pipeline: `transforms`, `sources.<id>.transforms` or `sinks.<id>.transforms`. */
  readonly place: string;
  readonly transforms: readonly Transform[];
  readonly logger: Logger;
  readonly emit: Emit;
  /** Called when a transform's own inputs changed, so that the services have to pass again. */
  readonly onChange: () => void;
}

/** A list of transforms, each followed by giving its services the identity that they had before. */
export class TransformStage {
  readonly #options: TransformStageOptions;
  readonly #steps: readonly Step[];

  constructor(options: TransformStageOptions) {
    this.#options = options;
    this.#steps = options.transforms.map((transform, index) => ({
      id: `${options.place}[${index}]`,
      transform,
      interner: new Interner(),
      last: undefined,
      error: undefined,
    }));
  }

  get isEmpty(): boolean {
    return this.#steps.length === 0;
  }

  /** Behind each transform, in order; `undefined` for one that had no result yet. */
  get results(): readonly (readonly Service[] | undefined)[] {
    return this.#steps.map(({ last }) => last);
  }

  /** By the place of each transform. */
  get status(): readonly (readonly [id: string, status: TransformStatus])[] {
    return this.#steps.map(({ id, transform, last, error }) => [
      id,
      {
        warnings: last === undefined ? [] : (transform.warnings?.() ?? []),
        ...(error === undefined ? {} : { error }),
      },
    ]);
  }

  /** What its transforms say that they did to a service, in their order; those that say nothing are left out. */
  explain(serviceId: string): readonly TransformExplanation[] {
    return this.#steps.flatMap(({ id, transform, last }) => {
      const lines = last === undefined ? [] : linesOf(transform, serviceId);
      return lines.length === 0 ? [] : [{ transform: id, lines }];
    });
  }

  /** Whether a transform has inputs of its own, and so may answer otherwise without a change of the services. */
  get hasInputs(): boolean {
    return this.#steps.some(({ transform }) => transform.changes !== undefined);
  }

  /**
   * A transform that throws is reported, and its last result stays in force.
   * @throws {PipelineError} when it never had a result.
   */
  apply(services: readonly Service[]): readonly Service[] {
    return this.#steps.reduce((current, step) => this.#applyOne(step, current), services);
  }

  /** Watches the inputs of those transforms that have some, until the signal is aborted. */
  async watch(signal: AbortSignal): Promise<void> {
    const { logger, onChange, emit } = this.#options;
    const watched = this.#steps.flatMap(({ id, transform }) => {
      const { changes } = transform;
      if (changes === undefined) return [];
      return consumeWithRestart<unknown>({
        open: (attempt) => changes.call(transform, { id, signal: attempt, logger }),
        onValue: () => {
          onChange();
          emit({ type: 'transform-change', transform: id });
        },
        onFailure: (error, _attempt, waitMs) => {
          this.#report(id, error ?? new Error('its watch ended by itself'));
          return waitMs;
        },
        signal,
      });
    });
    await Promise.all(watched);
  }

  #applyOne(step: Step, services: readonly Service[]): readonly Service[] {
    try {
      step.last = step.interner.intern(synchronous(step.transform.transform(services))).list;
      step.error = undefined;
    } catch (error) {
      step.error = this.#report(step.id, error);
      if (step.last === undefined) throw step.error;
    }
    return step.last;
  }

  #report(id: string, cause: unknown): PipelineError {
    const error = wrapPluginError(cause, { id, kind: 'transform' });
    this.#options.emit({ type: 'transform-error', transform: id, error });
    return error;
  }
}

/** An asynchronous transform would go wrong silently, and a rejection that nobody takes would end the process. */
function synchronous(result: Iterable<Service> & { readonly then?: unknown }): Iterable<Service> {
  if (typeof result?.then !== 'function') return result;
  Promise.resolve(result).catch(() => {});
  throw new PipelineError('transform gave a promise', {
    code: 'PLUGIN_CONTRACT',
    hint: 'a transform is synchronous; what it has to wait for belongs into changes',
  });
}

/** Nobody who asks why should be left without an answer by a transform that fails to give one. */
function linesOf(transform: Transform, serviceId: string): readonly string[] {
  try {
    return transform.explain?.(serviceId) ?? [];
  } catch (error) {
    return [`it fails to say what it did: ${messageOf(error)}`];
  }
}

interface Step {
  readonly id: string;
  readonly transform: Transform;
  readonly interner: Interner;
  /** The result in force, in the transform's order. */
  last: readonly Service[] | undefined;
  error: PipelineError | undefined;
}
