import type {
  Deferral,
  GuardHold,
  PlannedChange,
  RouteMatch,
  Service,
  ServiceStatistics,
  SourceHealth,
  Warning,
} from '@signalbox/core';
import type { ServiceChange } from './diff-service.ts';

/** All that is known of what was asked, for people and for machines. */
export interface Explanation {
  readonly request?: RequestExplanation;
  readonly services: readonly ServiceExplanation[];
}

/** Which service a request reaches, by the routes of each sink. */
export interface RequestExplanation {
  readonly url: string;
  readonly method: string;
  readonly sinks: readonly { readonly sink: string; readonly candidates: readonly RouteCandidate[] }[];
}

/** By precedence. The first without unmet conditions takes the request. */
export interface RouteCandidate extends Pick<RouteMatch, 'index' | 'route' | 'hostname' | 'unmet'> {
  readonly service: string;
  readonly takesRequest: boolean;
  /** Why it stands behind the one before it. */
  readonly behindBecause?: string;
}

export interface ServiceExplanation {
  readonly id: string;
  /** In its latest form. */
  readonly service: Service;
  readonly source: SourceView;
  /** In the order in which it passes them, up to the catalog. */
  readonly steps: readonly StepView[];
  readonly isInCatalog: boolean;
  readonly sinks: readonly SinkView[];
}

export interface SourceView {
  readonly id: string;
  readonly type: string;
  readonly health: SourceHealth;
  /** Milliseconds since its last answer, or since the answer of an earlier run. */
  readonly ageMs?: number;
  /** Whether what counts is of an earlier run. */
  readonly isRestored: boolean;
  readonly error?: { readonly code: string; readonly message: string };
  /** Whether it names the service now; absent when it has not answered. */
  readonly isNamed?: boolean;
  /** What it says of the service now, or what it said last. */
  readonly service?: Service;
  /** Of the service, or of the source as a whole. */
  readonly holds: readonly GuardHold[];
  readonly warnings: readonly Warning[];
}

export interface StepView {
  /** Its place in the file; `guards` for those of the source. */
  readonly point: string;
  readonly type: string;
  readonly outcome: 'absent' | 'added' | 'removed' | 'changed' | 'unchanged';
  readonly changes: readonly ServiceChange[];
  /** In the transform's own words. */
  readonly notes: readonly string[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface SinkView {
  readonly id: string;
  readonly type: string;
  readonly steps: readonly StepView[];
  readonly isServed: boolean;
  /** What the sink would do for this service now; absent when it cannot tell. */
  readonly changes?: readonly PlannedChange[];
  readonly warnings: readonly Warning[];
  readonly deferred?: Deferral;
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string };
  /** What the target counted. */
  readonly statistics?: ServiceStatistics;
}
