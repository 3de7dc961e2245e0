import type { Catalog } from '../model/catalog.ts';
import type { PluginContext } from './context.ts';
import type { SinkStatistics } from './sink-statistics.ts';

/** Makes a target (a proxy, a file) agree with the catalog. */
export interface Sink {
  /**
   * Compares the catalog with reality. No side effects on the target.
   * After the plan was applied, planning the same catalog again gives no changes.
   * Asked again after every change and at every resync, with backoff after a failure, never while a plan or an apply of
   * this sink is under way. An abort of `context.signal` means that the plan is not wanted any more, and for an apply that
   * is running that its grace period is over.
   */
  plan(catalog: Catalog, context: PluginContext): Promise<Plan>;
  /** Checks that `plan` and `apply` could work. Takes and releases its own resources. */
  probe?(context: PluginContext): Promise<void>;
  /** Yields when reality may have moved by other hands; the runtime then waits for quiet (`settle`) and plans again. */
  changes?(context: PluginContext): AsyncIterable<unknown>;
  /** Path to text of every file that would be written for this catalog on an untouched machine. No side effects at all. */
  render?(catalog: Catalog, context: PluginContext): Promise<ReadonlyMap<string, string>>;
  /** What `render` makes its files of, as plain JSON data, for people who write templates. No side effects at all. */
  data?(catalog: Catalog, context: PluginContext): Promise<unknown>;
  /**
   * What the target counted, told by the services and endpoints of the catalog, which is the newest one: the target may be behind it, or
   * run since before this process. Reads only; may run while a plan or an apply is under way, and must not hold either up.
   */
  statistics?(catalog: Catalog, context: PluginContext): Promise<SinkStatistics>;
  /** Releases what the sink holds, once, at the end; may take as long as the grace period. What it applied stays in force. */
  [Symbol.asyncDispose]?(): Promise<void>;
}

/** What a sink intends. Applies itself, so that nobody can apply it to another reality than the one it was made for. */
export interface Plan {
  readonly changes: readonly PlannedChange[];
  readonly warnings: readonly Warning[];
  /**
   * What differs and has to wait, for example for the least time between two reloads. The changes of this plan are what can be done now;
   * the runtime plans again when the time has come, or earlier when something changed.
   */
  readonly deferred?: Deferral;
  /** Does all of it, or throws a {@link SinkError} and leaves the target in the old or the new state, never between. */
  apply(): Promise<void>;
}

export interface Deferral {
  readonly afterMs: number;
  /** What is waited for, one line for people. */
  readonly reason: string;
}

export interface PlannedChange {
  /** `runtime` is done without a reload; `reload` needs one; the others concern files and objects of the target. */
  readonly action: 'create' | 'update' | 'delete' | 'runtime' | 'reload';
  /** What is changed, in the target's words, e.g. a file path or `backend a_shop-cart_1f2e3d4c`. */
  readonly target: string;
  /** One line for people. */
  readonly summary: string;
  /** Ids of the services concerned. */
  readonly services: readonly string[];
}

/** A wish that could not be granted, or an object that was left out, with the reason. */
export interface Warning {
  readonly message: string;
  /** Id of the service concerned. */
  readonly service?: string;
}
