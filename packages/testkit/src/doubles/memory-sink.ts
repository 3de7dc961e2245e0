import {
  type Catalog,
  isEqualData,
  type Plan,
  type PlannedChange,
  type PluginContext,
  type Service,
  type Sink,
  SinkError,
  withAbort,
} from '@signalbox/core';

/** A sink whose target is a map in memory, and which can be told to fail or to wait. */
export interface MemorySink extends Sink {
  /** Every catalog that was applied, oldest first. */
  readonly applied: readonly Catalog[];
  /** What the target holds now. */
  readonly services: ReadonlyMap<string, Service>;
  /** How often `plan` was called. */
  readonly plans: number;
  readonly disposed: boolean;
  /** The next calls of `plan` or `apply` throw. `times` defaults to 1; the error to one with `SINK_UNREACHABLE` or `SINK_APPLY_FAILED`. */
  failNext(phase: 'plan' | 'apply', options?: { readonly error?: unknown; readonly times?: number }): void;
  /** Every `plan` or `apply` waits until the returned function is called, or until it is aborted. */
  pause(phase: 'plan' | 'apply'): () => void;
  /** Changes the target by another hand: plans made before it no longer apply. `undefined` takes the service out. */
  tamper(serviceId: string, service: Service | undefined): void;
}

/** Made new for every test; nothing is shared. */
export function memorySink(): MemorySink {
  const applied: Catalog[] = [];
  let services: ReadonlyMap<string, Service> = new Map();
  let revision = 0;
  let plans = 0;
  let disposed = false;
  const planSwitch = new Switch(() => new SinkError('planning was told to fail', { code: 'SINK_UNREACHABLE' }));
  const applySwitch = new Switch(() => new SinkError('applying was told to fail', { code: 'SINK_APPLY_FAILED' }));
  const switches = { plan: planSwitch, apply: applySwitch };

  async function apply(catalog: Catalog, plannedAt: number, { signal }: PluginContext): Promise<void> {
    await applySwitch.pass(signal);
    if (revision !== plannedAt) {
      throw new SinkError('applying to a target that changed since the plan was made', { code: 'SINK_TARGET_CHANGED' });
    }
    if (!isSameTarget(services, catalog.services)) {
      services = new Map(catalog.services);
      revision += 1;
    }
    applied.push(catalog);
  }

  return {
    async plan(catalog, context): Promise<Plan> {
      plans += 1;
      await planSwitch.pass(context.signal);
      const plannedAt = revision;
      return {
        changes: [...difference(services, catalog.services)],
        warnings: [],
        apply: () => apply(catalog, plannedAt, context),
      };
    },
    async [Symbol.asyncDispose]() {
      disposed = true;
    },
    failNext: (phase, options) => switches[phase].failNext(options),
    pause: (phase) => switches[phase].pause(),
    tamper(serviceId, service) {
      const changed = new Map(services);
      if (service === undefined) changed.delete(serviceId);
      else changed.set(serviceId, service);
      services = changed;
      revision += 1;
    },
    applied,
    get services() {
      return services;
    },
    get plans() {
      return plans;
    },
    get disposed() {
      return disposed;
    },
  };
}

/** What a test has set for one phase. */
class Switch {
  #failures: unknown[] = [];
  #gate: Promise<void> | undefined;
  readonly #createError: () => unknown;

  constructor(createError: () => unknown) {
    this.#createError = createError;
  }

  failNext({ error, times = 1 }: { readonly error?: unknown; readonly times?: number } = {}): void {
    for (let index = 0; index < times; index += 1) this.#failures.push(error ?? this.#createError());
  }

  pause(): () => void {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.#gate = gate;
    return () => {
      if (this.#gate === gate) this.#gate = undefined;
      release();
    };
  }

  async pass(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#gate !== undefined) await withAbort(this.#gate, signal);
    if (this.#failures.length > 0) throw this.#failures.shift();
  }
}

function isSameTarget(actual: ReadonlyMap<string, Service>, desired: ReadonlyMap<string, Service>): boolean {
  return difference(actual, desired).next().done === true;
}

function* difference(
  actual: ReadonlyMap<string, Service>,
  desired: ReadonlyMap<string, Service>,
): Generator<PlannedChange> {
  for (const id of [...new Set([...actual.keys(), ...desired.keys()])].sort()) {
    const before = actual.get(id);
    const after = desired.get(id);
    if (before === after || isEqualData(before, after)) continue;
    const action = before === undefined ? 'create' : after === undefined ? 'delete' : 'update';
    yield { action, target: id, summary: `${action} ${JSON.stringify(id)}`, services: [id] };
  }
}
