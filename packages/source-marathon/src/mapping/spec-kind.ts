import type { SpecServices } from './services.ts';
import type { AddressPreference } from './task-addresses.ts';
import type { TaskMemory, TaskState } from './task-memory.ts';

/** An app or a pod as it was read; Marathon's common word for both is run spec (`core/state/RunSpec.scala`). */
export interface ParsedSpec {
  readonly id: string;
  readonly tasks: ReadonlyMap<string, SpecTask>;
}

/** What events speak of: a task of an app, or one container of an instance of a pod. */
export interface SpecTask extends TaskState {
  readonly version: string | undefined;
  /** Id of the endpoints that it carries; the task's own when absent. */
  readonly instanceId?: string;
}

export interface MappingContext<Definition> {
  readonly sourceId: string;
  readonly address: AddressPreference;
  readonly memory: TaskMemory;
  readonly nowMs: number;
  readonly definitions: ReadonlyMap<string, Definition | null>;
}

/** In what apps and pods differ for a {@link Registry}. */
export interface SpecKind<Parsed extends ParsedSpec, Definition> {
  readonly name: 'app' | 'pod';
  /** The id even of a value whose other parts cannot be read. */
  idOf(value: unknown): string | undefined;
  /**
   * @param known - the same one in the answer before; may be given back itself when nothing changed
   * @throws {ShapeError} when it cannot be read.
   */
  parse(value: unknown, known: Parsed | undefined): Parsed;
  /** @throws {ShapeError} when it cannot be read. */
  parseDefinition(value: unknown): Definition;
  map(parsed: Parsed, context: MappingContext<Definition>): SpecServices;
}
