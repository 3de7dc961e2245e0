import type { PipelineError } from '../errors/pipeline-error.ts';
import type { Catalog } from '../model/catalog.ts';
import type { PlannedChange, Warning } from '../plugin/sink.ts';
import type { GuardHold } from './status.ts';

/** Everything that happens in a pipeline. Logs, metrics and views are derived from this and from nothing else. `at` is milliseconds since the epoch. */
export type PipelineEvent =
  | { readonly type: 'pipeline-start'; readonly at: number }
  | { readonly type: 'pipeline-end'; readonly at: number; readonly error?: PipelineError }
  | {
      readonly type: 'source-sync';
      readonly at: number;
      readonly source: string;
      readonly services: number;
      readonly endpoints: number;
      readonly changed: boolean;
      /** What the source left out or could not use. */
      readonly warnings: readonly Warning[];
    }
  | {
      readonly type: 'source-error';
      readonly at: number;
      readonly source: string;
      readonly error: PipelineError;
      readonly attempt: number;
      readonly retryInMs: number;
    }
  /** The set of an earlier run is used, because the source does not answer. */
  | {
      readonly type: 'source-restore';
      readonly at: number;
      readonly source: string;
      readonly syncedAt: number;
      readonly services: number;
    }
  /** An input of a transform's own changed, such as its file, and the services have passed it again. */
  | { readonly type: 'transform-change'; readonly at: number; readonly transform: string }
  | { readonly type: 'transform-error'; readonly at: number; readonly transform: string; readonly error: PipelineError }
  | { readonly type: 'guard-hold'; readonly at: number; readonly source: string; readonly hold: GuardHold }
  | {
      readonly type: 'guard-release';
      readonly at: number;
      readonly source: string;
      readonly hold: GuardHold;
      readonly cause: 'recovered' | 'timeout' | 'confirmed';
    }
  | {
      readonly type: 'catalog-change';
      readonly at: number;
      readonly catalog: Catalog;
      readonly changes: CatalogChanges;
    }
  | {
      readonly type: 'sink-plan';
      readonly at: number;
      readonly sink: string;
      readonly catalogVersion: number;
      readonly changes: readonly PlannedChange[];
      readonly warnings: readonly Warning[];
    }
  | {
      readonly type: 'sink-apply';
      readonly at: number;
      readonly sink: string;
      readonly catalogVersion: number;
      readonly changes: readonly PlannedChange[];
      readonly durationMs: number;
    }
  | {
      readonly type: 'sink-error';
      readonly at: number;
      readonly sink: string;
      readonly error: PipelineError;
      readonly phase: 'plan' | 'apply' | 'watch';
      readonly attempt: number;
      readonly retryInMs: number;
    }
  | { readonly type: 'state-error'; readonly at: number; readonly source: string; readonly error: PipelineError };

/** Ids of services that differ from the version before. */
export interface CatalogChanges {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
  /** Whether an endpoint went, or began to drain, or became unhealthy: settle is skipped. */
  readonly urgent: boolean;
}
