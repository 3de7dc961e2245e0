import type { SinkHealth, SourceHealth } from '@signalbox/core';
import type { RequestTotals } from '../measure/outcome.ts';
import type { Happening } from './happening.ts';

/** Shows the demo while it runs. */
export interface View {
  /** Something happened; lines come in order. */
  tell(happening: Happening): void;
}

/** Everything that can be drawn at one moment. */
export interface Picture {
  readonly elapsedMs: number;
  /** Name and version of the proxy. */
  readonly proxy: string;
  readonly acts: readonly ActMark[];
  /** What happens now, and one sentence about it. */
  readonly title: string;
  readonly story: string;
  readonly services: readonly ServiceLine[];
  readonly requests: RequestTotals;
  readonly reloads: number;
  readonly runtimeApplies: number;
  readonly sourceHealth: SourceHealth;
  readonly sinkHealth: SinkHealth;
}

export type ActMark = 'waiting' | 'now' | 'kept' | 'broken';

export interface ServiceLine {
  readonly name: string;
  /** Where clients ask for it. */
  readonly address: string;
  readonly endpoints: readonly EndpointMark[];
  readonly requests: RequestTotals;
}

export type EndpointMark = 'up' | 'draining' | 'down';
