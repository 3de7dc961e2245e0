/**
 * An app as the rest of this source sees it: the same shape for every Marathon from 0.8 to 1.11.
 * `parse-app.ts` makes it, and nothing behind that file knows the versions apart.
 */
export interface App {
  readonly id: string;
  /** Time of the definition; changes on scaling too. */
  readonly version: string;
  readonly instances: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly mode: NetworkMode;
  /** In index order: what `portIndex` and `HAPROXY_<index>_…` labels count. */
  readonly ports: readonly DeclaredPort[];
  readonly healthChecks: readonly MarathonHealthCheck[];
  readonly declaresReadiness: boolean;
  /** Whether a readiness check gates the deployment that is under way now. */
  readonly awaitsReadiness: boolean;
  /** By task id; more than one result for a task are ANDed. */
  readonly readiness: Readonly<Record<string, boolean>>;
  readonly tasks: readonly Task[];
}

export type NetworkMode = 'host' | 'container/bridge' | 'container' | 'none';

/** Every field is always there, as in {@link Task}. */
export interface DeclaredPort {
  readonly name: string | undefined;
  readonly protocols: readonly ('tcp' | 'udp')[];
  /** In bridge and container mode; 0 means "the host port that was allocated". */
  readonly containerPort: number | undefined;
  /** Undefined when there is none; Marathon's 0 counts as none. */
  readonly servicePort: number | undefined;
  /** Whether a port on the agent is allocated for it, and so stands in `task.ports`. */
  readonly hasHostPort: boolean;
  /** Whether only a network that `task.ipAddresses` cannot name carries it. */
  readonly ambiguousNetwork: boolean;
  readonly labels: Readonly<Record<string, string>>;
}

export interface MarathonHealthCheck {
  readonly protocol: string;
  readonly path?: string;
  readonly portIndex: number;
  /** Absolute port; wins over `portIndex`. */
  readonly port?: number;
  readonly gracePeriodMs: number;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly maxConsecutiveFailures: number;
}

/** Every field is always there, absent values as undefined: the tens of thousands of a large cluster stay one hidden class. */
export interface Task {
  readonly id: string;
  /** `TASK_…`; derived from `startedAt` for versions that send no state. */
  readonly state: string;
  readonly host: string | undefined;
  readonly ports: readonly number[];
  readonly addresses: readonly string[];
  readonly version: string | undefined;
  /** ISO 8601, as Marathon sent it. Few tasks need it as a number, and parsing 10,000 of them shows. */
  readonly startedAt: string | undefined;
  readonly region: string | undefined;
  readonly zone: string | undefined;
  /** What the results say by themselves; `unknown` also when there are none. */
  readonly verdict: Verdict;
}

export type Verdict = 'healthy' | 'unhealthy' | 'unknown';
