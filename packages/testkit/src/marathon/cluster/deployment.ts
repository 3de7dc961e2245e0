export type ActionName = 'StartApplication' | 'StopApplication' | 'ScaleApplication' | 'RestartApplication';

/** A deployment of one app: steps with one action each. */
export interface Deployment {
  readonly id: string;
  readonly appId: string;
  readonly version: string;
  readonly steps: readonly ActionName[];
  /** Place of the current step. */
  step: number;
}
