import type { AppDefinition, MarathonEvent, MarathonSimulatorOptions, TaskView } from '@signalbox/testkit/marathon';

/** What can be asked of the process that plays the cluster. */
export interface ClusterCalls {
  /** Starts the cluster with these apps and waits until all tasks run. Gives the URLs of the masters. */
  open(options: MarathonSimulatorOptions, apps: readonly AppDefinition[]): Promise<readonly string[]>;
  createApp(app: AppDefinition): Promise<void>;
  deleteApp(app: string): Promise<void>;
  scale(app: string, instances: number): Promise<void>;
  /** Kills one of these after another, with this time between them. Resolves after the last one. */
  killSteadily(tasks: readonly string[], intervalMs: number): Promise<void>;
  settled(): Promise<void>;
  tasks(app: string): Promise<readonly TaskView[]>;
  /** Events that were published since the start. */
  countEvents(): Promise<number>;
  /** Sends every event of this type to the other side from now on. */
  announce(eventType: string): Promise<void>;
}

export type CallName = keyof ClusterCalls;

export interface Call {
  readonly number: number;
  readonly name: CallName;
  readonly parameters: readonly unknown[];
}

export type ClusterMessage =
  | { readonly type: 'result'; readonly number: number; readonly value: unknown }
  | { readonly type: 'error'; readonly number: number; readonly message: string }
  /** `monotonicMs`: the machine's monotonic clock at the moment of publishing, which all processes share. */
  | { readonly type: 'event'; readonly event: MarathonEvent; readonly monotonicMs: number };

export function readMonotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
