import type { Standby } from './dialects/dialect.ts';
import type { DialectName } from './dialects/dialect-name.ts';

/** Durations of the simulated cluster, in milliseconds. The defaults are small, so that tests are quick. */
export interface SimulatorTiming {
  /** From the offer to `TASK_STARTING`. Default 20. */
  readonly stagingMs: number;
  /** From `TASK_STARTING` to `TASK_RUNNING`. Default 20. */
  readonly startingMs: number;
  /** From `TASK_RUNNING` to the first health result. Default 40. */
  readonly healthDelayMs: number;
  /** Between two health checks of one task. Default 100. */
  readonly healthIntervalMs: number;
  /** From `TASK_RUNNING` until the readiness check says ready. Default 80. */
  readonly readinessMs: number;
  /** How long a task that was asked to end goes on accepting connections. Default 300. */
  readonly drainMs: number;
  /** How long idle connections are kept after that, answered with `Connection: close`. Default 100. */
  readonly lingerMs: number;
  /** How long requests in flight may take after that before they are cut off. Default 5000. */
  readonly killGraceMs: number;
  /** From the death of a task without notice until Marathon knows. Default 50. */
  readonly failureNoticeMs: number;
  /** From the end of a failed task until it is launched again. Default 20. */
  readonly relaunchMs: number;
  /** How long the tasks of a lost agent are still said to run. Default 500; Mesos takes 75 s. */
  readonly agentTimeoutMs: number;
  /** How long an unreachable task stays listed after its strategy lets it go. Default 200. */
  readonly expungeMs: number;
  /** How long there is no leader during a change. Default 200. */
  readonly electionMs: number;
  /** Between two heartbeats of an event stream. Default 10000, as in Marathon. */
  readonly heartbeatMs: number;
  /** Upper bound of the random share that is added to the durations of a task. Default 10. */
  readonly jitterMs: number;
  /** How long `settled()` waits before it throws. Default 30000. */
  readonly settleTimeoutMs: number;
}

export const defaultTiming: SimulatorTiming = {
  stagingMs: 20,
  startingMs: 20,
  healthDelayMs: 40,
  healthIntervalMs: 100,
  readinessMs: 80,
  drainMs: 300,
  lingerMs: 100,
  killGraceMs: 5000,
  failureNoticeMs: 50,
  relaunchMs: 20,
  agentTimeoutMs: 500,
  expungeMs: 200,
  electionMs: 200,
  heartbeatMs: 10_000,
  jitterMs: 10,
  settleTimeoutMs: 30_000,
};

export interface MarathonSimulatorOptions {
  /**
   * The version of Marathon that it behaves like: what the REST API prints and the stream tells, and where nodes answer in another way. Default
   * `1.10`.
   */
  readonly dialect?: DialectName;
  /** Decides task ids, agents and jitter. Default 1. */
  readonly seed?: number;
  /**
   * The first time of the cluster's clock, ISO 8601. When it is given, time advances with what happens in the cluster only, so
   * that two runs with one seed give the same time stamps. Default: the real time.
   */
  readonly startTime?: string;
  /** Number of Marathon nodes. Default 2. */
  readonly masters?: number;
  /** Ports of the nodes, 0 or absent for free ones. */
  readonly masterPorts?: readonly number[];
  /** Number of agents, or their addresses. Default 4, on a block of 127.0.64.0/18 that no other simulator of this machine holds. */
  readonly agents?: number | readonly string[];
  /** Whether each task is a real server. Without, ports are only numbers, which suits thousands of tasks. Default true. */
  readonly liveTasks?: boolean;
  /** Basic authentication for every path. Default none. */
  readonly credentials?: { readonly username: string; readonly password: string };
  /** Path in front of everything, for example `/service/marathon`. Default none. */
  readonly prefix?: string;
  /** Serve HTTPS with this PEM key and certificate. Default HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /**
   * What a node that does not lead does with an event stream: `redirect` as 1.7 and later do, `proxy` as before, or `buffer`, which is to proxy in
   * bulk, as 0.9 and 0.10 do. Default what the dialect does.
   */
  readonly standby?: Standby;
  /** Whether tasks show `TASK_KILLING`; a feature flag of Marathon 1.3 and later. Default true where it exists. */
  readonly killingState?: boolean;
  /** Serve the control API over HTTP, on this port or a free one. Default false. */
  readonly control?: boolean | { readonly port: number };
  /** Events that a slow reader may owe before it is disconnected, or before 1.8 loses events. Default 1024, and 50 before 1.5. */
  readonly maxOutstandingEvents?: number;
  readonly timing?: Partial<SimulatorTiming>;
}
