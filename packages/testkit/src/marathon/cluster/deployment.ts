import type { AppSpec } from './app.ts';

export type ActionName = 'StartApplication' | 'StopApplication' | 'ScaleApplication' | 'RestartApplication';

/** A deployment of one app or pod: steps with one action each. */
export interface Deployment {
  readonly id: string;
  /** Of an app or a pod. */
  readonly appId: string;
  readonly isPod: boolean;
  readonly version: string;
  readonly steps: readonly ActionName[];
  /** All apps as they were before, and as they are to be; empty where plans do not hold them. */
  readonly original: readonly AppSpec[];
  readonly target: readonly AppSpec[];
  /** Place of the current step. */
  step: number;
}
