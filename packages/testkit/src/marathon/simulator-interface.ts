import type { AppDefinition } from './cluster/definition.ts';
import type { PodDefinition } from './cluster/pod-definition.ts';
import type { DialectName } from './dialects/dialect-name.ts';
import type { Fault } from './faults/fault.ts';
import type { MarathonEvent } from './stream/event-json.ts';

/** A running Marathon cluster: nodes that answer, agents, and tasks that serve. */
export interface MarathonSimulator extends AsyncDisposable {
  /** The version of Marathon that it behaves like. */
  readonly dialect: DialectName;
  /** Base URLs of all nodes, with the prefix, without credentials and without a slash at the end. */
  readonly urls: readonly string[];
  /** Base URL of the control API, if it is served. */
  readonly controlUrl: string | undefined;
  /** Place of the leader in `urls`; -1 while there is none. */
  readonly leaderIndex: number;
  /** Addresses of the agents. */
  readonly agents: readonly string[];

  /** Creates an app. Resolves when the deployment is accepted; throws a `SimulatorError` if Marathon would refuse it. */
  createApp(definition: AppDefinition): Promise<void>;
  /** Changes an app, by a rolling deployment if its tasks must be replaced. A deployment under way is cancelled, as with `force`. */
  updateApp(id: string, change: Partial<AppDefinition>): Promise<void>;
  /** Replaces all tasks of an app by new ones of the same definition. */
  restartApp(id: string): Promise<void>;
  scale(id: string, instances: number): Promise<void>;
  deleteApp(id: string): Promise<void>;
  /** Creates a pod; Marathon has them from 1.4 on. */
  createPod(pod: PodDefinition): Promise<void>;
  /** Changes a pod, by a rolling deployment if its instances must be replaced. */
  updatePod(id: string, change: Partial<PodDefinition>): Promise<void>;
  scalePod(id: string, instances: number): Promise<void>;
  deletePod(id: string): Promise<void>;
  /**
   * Ends one task, which is then replaced. With notice (the default) it is asked to end and drains; without, its sockets break at once and
   * `TASK_FAILED` follows after `failureNoticeMs`.
   */
  killTask(taskId: string, options?: { readonly notice?: boolean }): Promise<void>;
  /** Makes the health checks of a task fail or pass; takes effect at the next check. */
  setHealthy(taskId: string, healthy: boolean): void;
  /** Cuts an agent off: its tasks stop serving at once and are given up after `agentTimeoutMs`. */
  loseAgent(address: string): Promise<void>;
  /** Brings an agent back: those of its tasks that are still known serve and run again. */
  restoreAgent(address: string): Promise<void>;
  /** Resolves when the next node leads. All streams break, and no node has a leader for `electionMs`. */
  changeLeader(): Promise<void>;

  /** Makes one node, or all, misbehave until `clearFaults`. */
  setFault(fault: Fault, options?: { readonly master?: number }): void;
  clearFaults(): void;

  /** Resolves when every deployment is done and every task in its wanted state; throws a `SimulatorError` after `settleTimeoutMs`. */
  settled(): Promise<void>;
  /** All tasks that have been placed on an agent, or those of one app or pod. An instance of a pod counts as one task, under its own id. */
  tasks(appId?: string): readonly TaskView[];
  /** Calls the listener with every event at the moment that it is published, also with those that no stream carries. Returns what ends it. */
  onEvent(listener: (event: MarathonEvent) => void): () => void;
  /** Event streams that are open, and REST requests answered or being answered since the start. */
  connections(): { readonly streams: number; readonly requests: number };
  close(): Promise<void>;
}

export interface TaskView {
  readonly id: string;
  readonly instanceId: string;
  /** Of its app or pod. */
  readonly appId: string;
  /** `TASK_RUNNING` and so on, as the REST API shows it. */
  readonly state: string;
  /** Address of the agent. */
  readonly agent: string;
  /** Address of the task itself in container and bridge mode, of the agent in host mode; unknown before it starts. */
  readonly address: string | undefined;
  /** Host ports; those of a pod in the order of its containers and their endpoints. */
  readonly ports: readonly number[];
  readonly version: string;
  /** Undefined without health checks and while there is no result. */
  readonly healthy: boolean | undefined;
}
