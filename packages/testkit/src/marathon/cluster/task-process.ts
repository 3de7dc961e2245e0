import type { Task } from './task.ts';

/** What runs for a task on its agent. */
export interface TaskProcess {
  setHealthy(healthy: boolean): void;
  setReady(ready: boolean): void;
  /** Takes no new connections, and answers on the others with `Connection: close`. */
  stopAccepting(): void;
  /** Ends idle connections. Returns undefined if nothing is in flight, else what resolves when the last answer is out. */
  finish(): Promise<void> | undefined;
  /** Breaks everything at once. */
  destroy(): void;
}

/** Starts what a task runs. Throws if it cannot, for example because a port is taken. */
export interface TaskLauncher {
  /** Host ports on the agent, one per wish; a wish other than 0 is that port. Undefined if the agent has not enough. */
  allocatePorts(agentAddress: string, wishes: readonly number[]): Promise<readonly number[] | undefined>;
  releasePorts(agentAddress: string, ports: readonly number[]): void;
  /** An address of its own for a task in container mode. */
  containerAddress(): string;
  /** Started before its health and readiness are known to be good; `task` is already placed. */
  launch(task: Task): Promise<TaskProcess>;
}
