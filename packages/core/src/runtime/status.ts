import type { PipelineError } from '../errors/pipeline-error.ts';
import type { Warning } from '../plugin/sink.ts';

export interface PipelineStatus {
  /** 0 until every required source has answered. */
  readonly catalogVersion: number;
  readonly sources: Readonly<Record<string, SourceStatus>>;
  /** Keyed by place, e.g. `transforms[0]` or `sources.mesos.transforms[1]`. Asking for it asks the transforms. */
  readonly transforms: Readonly<Record<string, TransformStatus>>;
  readonly sinks: Readonly<Record<string, SinkStatus>>;
}

export interface TransformStatus {
  readonly warnings: readonly Warning[];
  /** The last failure, until it gives a result again. */
  readonly error?: PipelineError;
}

/** What one transform did to one service. */
export interface TransformExplanation {
  /** The transform's place, e.g. `transforms[0]`. */
  readonly transform: string;
  /** For people, one sentence each. */
  readonly lines: readonly string[];
}

/**
 * `never`: nothing is known. `fresh`: what it says now is in force. `stale`: the last good set is in force, because the source
 * fails or a guard holds its losses back. `failed`: it fails for good (wrong password) and is retried slowly.
 */
export type SourceHealth = 'never' | 'fresh' | 'stale' | 'failed';

export interface SourceStatus {
  readonly health: SourceHealth;
  readonly services: number;
  readonly endpoints: number;
  /** Milliseconds since the epoch; absent before the first answer. May come from an earlier run. */
  readonly lastSyncAt?: number;
  /** The last failure, until the source answers again. */
  readonly error?: PipelineError;
  /** Failed attempts in a row. */
  readonly attempts: number;
  readonly holds: readonly GuardHold[];
  /** What its last answer left out or could not use. */
  readonly warnings: readonly Warning[];
}

export interface GuardHold {
  /** Id of the service, or `undefined` for the source as a whole. */
  readonly service?: string;
  readonly rule: 'maxRemovedPercent' | 'minEndpoints' | 'onEmpty';
  /** One sentence for people. */
  readonly reason: string;
  /** Endpoints that stay because of it. */
  readonly heldEndpoints: number;
  readonly since: number;
  /** When the loss will be applied by itself; absent for a hold without end. */
  readonly until?: number;
}

/** `waiting`: no catalog yet. `pending`: a newer catalog than the applied one is known. `in-sync`. `failing`: the last try failed. */
export type SinkHealth = 'waiting' | 'pending' | 'in-sync' | 'failing';

export interface SinkStatus {
  readonly health: SinkHealth;
  /** Version of the catalog that is applied; 0 before the first. */
  readonly appliedVersion: number;
  readonly lastAppliedAt?: number;
  readonly error?: PipelineError;
  readonly attempts: number;
  readonly warnings: readonly Warning[];
}
