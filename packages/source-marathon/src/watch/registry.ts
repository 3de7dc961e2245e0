import { isEqualData, type Logger, type Service } from '@signalbox/core';
import { routingOf } from '../mapping/endpoints.ts';
import { ShapeError } from '../mapping/read-fields.ts';
import type { ParsedSpec, SpecKind } from '../mapping/spec-kind.ts';
import type { AddressPreference } from '../mapping/task-addresses.ts';
import { TaskLedger } from '../mapping/task-memory.ts';
import { IntendedLosses } from './intended-losses.ts';
import { ServiceList } from './service-list.ts';

interface Entry<Parsed, Definition> {
  readonly parsed: Parsed;
  readonly services: readonly Service[];
  readonly asIntended: ReadonlySet<string>;
  readonly missingVersions: readonly string[];
  readonly reviewAtMs: number;
  /** Older definitions that tasks still run; `null` when Marathon no longer has one. */
  readonly definitions: ReadonlyMap<string, Definition | null>;
}

export interface RegistryOptions {
  readonly sourceId: string;
  readonly address: AddressPreference;
  readonly logger: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What the source believes: the last good answer for each app or pod, corrected by newer events, as services. */
export class Registry<Parsed extends ParsedSpec, Definition> {
  readonly #kind: SpecKind<Parsed, Definition>;
  readonly #options: RegistryOptions;
  readonly #entries = new Map<string, Entry<Parsed, Definition>>();
  readonly #ledger = new TaskLedger();
  readonly #losses = new IntendedLosses();
  /** Reason last given for what cannot be read, so that each is told once. */
  readonly #unreadable = new Map<string, string>();
  readonly #list = new ServiceList();
  #changed = false;

  constructor(kind: SpecKind<Parsed, Definition>, options: RegistryOptions) {
    this.#kind = kind;
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(specId: string): boolean {
    return this.#entries.has(specId);
  }

  /** Whether something changed since the last {@link snapshot}. */
  get changed(): boolean {
    return this.#changed;
  }

  /** When {@link review} has something to do; epoch milliseconds, or infinity. */
  get reviewAtMs(): number {
    let atMs = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) atMs = Math.min(atMs, entry.reviewAtMs);
    return atMs;
  }

  /** All services in the order of ids and ports. */
  snapshot(): { readonly services: readonly Service[]; readonly intended: ReadonlySet<string> } {
    this.#changed = false;
    return { services: this.#list.current(this.#entries), intended: this.#losses.current() };
  }

  /**
   * Takes a full answer whose request began at that time.
   *
   * @returns ids of known apps that the answer does not list; they stay until {@link remove} is called.
   * @throws {ShapeError} when there are apps in it, and none of them can be read.
   */
  applyAll(values: readonly unknown[], requestedAtMs: number): readonly string[] {
    const listed = new Set<string>();
    let readable = 0;
    let anonymous = false;
    let problem = '';
    for (const value of values) {
      const id = this.#kind.idOf(value);
      if (id === undefined) anonymous = true;
      else listed.add(id);
      try {
        this.#set(this.#kind.parse(value, this.#parsed(id)), requestedAtMs);
        readable += 1;
      } catch (error) {
        problem = this.#reportUnreadable(id, error);
      }
    }
    if (readable === 0 && values.length > 0)
      throw new ShapeError(`none of its ${values.length} ${this.#kind.name}s can be read: ${problem}`);
    this.#ledger.forgetOldEvents((taskId) => this.#isListed(taskId), this.#options.now());
    this.#losses.prune(this.#options.now());
    // An entry without an id may be any of the apps that seem to be missing.
    return anonymous ? [] : [...this.#entries.keys()].filter((id) => !listed.has(id));
  }

  applyOne(id: string, value: unknown, requestedAtMs: number): void {
    try {
      const parsed = this.#kind.parse(value, this.#parsed(id));
      if (parsed.id !== id) throw new ShapeError(`it is that of "${parsed.id}"`);
      this.#set(parsed, requestedAtMs);
    } catch (error) {
      this.#reportUnreadable(id, error);
    }
  }

  /** @param stated - whether Marathon said that the app is gone, rather than only not listing it */
  remove(id: string, stated: boolean): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    if (stated || this.#losses.isDeletionStated(id)) this.#losses.addServices(entry.services, this.#options.now());
    this.#entries.delete(id);
    for (const taskId of entry.parsed.tasks.keys()) this.#ledger.forget(taskId);
    this.#list.rebuild();
    this.#losses.setAsIntended(entry.asIntended, none);
    this.#changed = true;
  }

  /** Marathon announced that this app is being deleted; only its absence later makes it so. */
  noteDeletion(id: string): void {
    this.#losses.stateDeletion(id, this.#options.now());
  }

  /**
   * Takes what an event says about one task. {@link refresh} makes it visible, and so does every later answer.
   *
   * @returns what it means for an endpoint that is shown now: to drain, to go, or nothing.
   */
  noteTaskState(specId: string, taskId: string, state: string, timestamp: string): 'drain' | 'out' | undefined {
    const news = this.#ledger.noteEvent(taskId, state, timestamp, this.#options.now());
    const routing = routingOf(state);
    const entry = this.#entries.get(specId);
    const endpointId = endpointIdOf(entry, taskId);
    const shown = entry?.services.some(({ endpoints }) => endpoints.some(({ id }) => id === endpointId));
    return news && shown && routing !== 'in' ? routing : undefined;
  }

  /** Whether some service of it would be left without any endpoint that takes traffic. */
  isLastServing(specId: string, taskId: string): boolean {
    const entry = this.#entries.get(specId);
    const endpointId = endpointIdOf(entry, taskId);
    return (entry?.services ?? []).some(({ endpoints }) => {
      const serving = endpoints.filter(({ draining, health }) => draining !== true && health !== 'unhealthy');
      return serving.length === 1 && serving[0]?.id === endpointId;
    });
  }

  /** Shows one app again as it is believed to be now. */
  refresh(specId: string): void {
    const entry = this.#entries.get(specId);
    if (entry !== undefined) this.#map(entry.parsed, entry.definitions);
  }

  /** Judges again the tasks that were held back until now. */
  review(): void {
    const nowMs = this.#options.now();
    for (const [id, entry] of [...this.#entries]) {
      if (entry.reviewAtMs <= nowMs) this.refresh(id);
    }
  }

  /** Older definitions that are needed to read the ports of tasks that still run them. */
  missingDefinitions(): { readonly id: string; readonly version: string }[] {
    return [...this.#entries].flatMap(([id, entry]) => entry.missingVersions.map((version) => ({ id, version })));
  }

  /** @param value - the definition; `null` when Marathon no longer has it. What cannot be read counts as that too. */
  addDefinition(id: string, version: string, value: unknown): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    let definition: Definition | null = null;
    try {
      if (value !== null) definition = this.#kind.parseDefinition(value);
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error;
    }
    this.#map(entry.parsed, new Map(entry.definitions).set(version, definition));
  }

  #parsed(id: string | undefined): Parsed | undefined {
    return id === undefined ? undefined : this.#entries.get(id)?.parsed;
  }

  #isListed(taskId: string): boolean {
    for (const { parsed } of this.#entries.values()) if (parsed.tasks.has(taskId)) return true;
    return false;
  }

  #set(parsed: Parsed, requestedAtMs: number): void {
    const { id, tasks } = parsed;
    const before = this.#entries.get(id);
    this.#unreadable.delete(id);
    this.#losses.forgetDeletion(id);
    const news = this.#ledger.hasNews(tasks);
    this.#ledger.noteAnswer(tasks, requestedAtMs);
    if (before?.parsed === parsed && !news && before.reviewAtMs > this.#options.now()) return;
    for (const taskId of before?.parsed.tasks.keys() ?? []) if (!tasks.has(taskId)) this.#ledger.forget(taskId);
    const known = [...(before?.definitions ?? [])];
    const isRun = (version: string): boolean => [...tasks.values()].some((task) => task.version === version);
    this.#map(parsed, new Map(known.filter(([version]) => isRun(version))));
  }

  #map(parsed: Parsed, definitions: ReadonlyMap<string, Definition | null>): void {
    const { id: specId } = parsed;
    const { sourceId, address, now } = this.#options;
    const context = { sourceId, address, memory: this.#ledger, nowMs: now(), definitions };
    const mapped = this.#kind.map(parsed, context);
    const before = this.#entries.get(specId);
    const services = mapped.services.map((service) => {
      const known = before?.services.find((other) => other.id === service.id);
      return known !== undefined && isEqualData(known, service) ? known : service;
    });
    this.#entries.set(specId, {
      parsed,
      services,
      asIntended: mapped.asIntended,
      missingVersions: mapped.missingVersions,
      reviewAtMs: mapped.reviewAtMs ?? Number.POSITIVE_INFINITY,
      definitions,
    });
    if (before !== undefined) {
      // It is there and no longer declares the port: that is somebody's will.
      const gone = before.services.filter(({ id }) => !services.some((service) => service.id === id));
      this.#losses.addServices(gone, now());
    }
    if (before === undefined || !isSameList(before.services, services)) {
      this.#changed = true;
      this.#list.replace(specId, before?.services.length, services);
      this.#losses.forgetServices(services);
    }
    if (this.#losses.setAsIntended(before?.asIntended ?? none, mapped.asIntended)) this.#changed = true;
  }

  #reportUnreadable(id: string | undefined, error: unknown): string {
    if (!(error instanceof ShapeError)) throw error;
    const name = id ?? 'without an id';
    if (this.#unreadable.get(name) !== error.message) {
      this.#unreadable.set(name, error.message);
      this.#options.logger.warn(
        { [this.#kind.name]: id, reason: error.message },
        `the ${this.#kind.name} ${name} cannot be read; what was known of it stays as it is`,
      );
    }
    return error.message;
  }
}

function isSameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}

function endpointIdOf(entry: { readonly parsed: ParsedSpec } | undefined, taskId: string): string {
  return entry?.parsed.tasks.get(taskId)?.instanceId ?? taskId;
}

const none: ReadonlySet<string> = new Set();
