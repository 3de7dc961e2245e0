/** One way in which a Marathon node misbehaves. Faults of different kinds add up; one of the same kind replaces the one before. */
export type Fault =
  | StatusFault
  /** REST answers 200 with `{}`. */
  | { readonly kind: 'empty-object' }
  /** `GET /v2/apps` answers 200 with no apps, as it does for an identity that may see nothing. */
  | { readonly kind: 'empty-apps' }
  | TruncatedFault
  /** REST takes requests and never answers. */
  | { readonly kind: 'hang' }
  /** The listener is closed and all connections are broken; it listens on the same port again when the fault is cleared. */
  | { readonly kind: 'refuse' }
  /** REST answers late by this many milliseconds. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** Every path answers 401. */
  | { readonly kind: 'unauthorized' }
  /** Streams stay open and carry neither events nor heartbeats. */
  | { readonly kind: 'stream-silent' }
  /** Streams lose their events, while heartbeats go on. */
  | { readonly kind: 'stream-drop' }
  /** New streams answer 200 and end at once without a byte, as a node does that is not ready to lead. */
  | { readonly kind: 'stream-empty' };

/** REST answers with this status. */
export interface StatusFault {
  readonly kind: 'status';
  readonly status: number;
  /** What the body holds. Default `html`. */
  readonly body?: 'html' | 'json';
}

/** REST answers with the first half of its JSON. */
export interface TruncatedFault {
  readonly kind: 'truncated';
  /** `complete`: the length is that of the half, so the answer is whole for HTTP; `destroyed`: the connection breaks in the middle. Default `complete`. */
  readonly connection?: 'complete' | 'destroyed';
}

export type FaultKind = Fault['kind'];

export const faultKinds: readonly FaultKind[] = [
  'status',
  'empty-object',
  'empty-apps',
  'truncated',
  'hang',
  'refuse',
  'slow',
  'unauthorized',
  'stream-silent',
  'stream-drop',
  'stream-empty',
];
