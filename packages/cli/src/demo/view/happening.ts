/** Who did it: `act` the script, `marathon` the cluster, `runtime` and `reload` HAProxy. The others say how it went. */
export type HappeningKind =
  | 'act'
  | 'promise'
  | 'kept'
  | 'broken'
  | 'marathon'
  | 'source'
  | 'runtime'
  | 'reload'
  | 'cut off'
  | 'failure'
  | 'note';

/** One line of the story. */
export interface Happening {
  /** Since the start of the demo. */
  readonly atMs: number;
  readonly kind: HappeningKind;
  readonly text: string;
}
