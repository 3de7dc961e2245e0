import type { MesosState } from './cluster/mesos-state.ts';
import type { TaskDefinition } from './cluster/task-definition.ts';
import type { MesosDnsFault } from './fault.ts';

/** A running Mesos-DNS, with the Mesos cluster that it reads. */
export interface MesosDnsSimulator extends AsyncDisposable {
  /** Base URL of the HTTP API. */
  readonly url: string;
  /** `IP:PORT` of the DNS server. */
  readonly dnsServer: string;
  /** Base URL of the control API, if it is served. */
  readonly controlUrl: string | undefined;
  /** HTTP requests and DNS questions that arrived since the start. */
  readonly requests: { readonly http: readonly string[]; readonly dns: readonly string[] };

  /** Starts a task and returns its id. Mesos-DNS knows of it after the next refresh, as of every change. */
  launch(definition: TaskDefinition): string;
  /** @throws {MesosDnsSimulatorError} for an unknown task */
  end(taskId: string): void;
  /** An agent leaves the master's state, with its tasks, or comes back to it. Counted from 0. */
  setRegistered(agent: number, registered: boolean): void;
  /** Another master leads. It knows no agent until that registers again: `setRegistered(agent, true)`. @param leader - `IP:PORT` */
  failOver(leader: string): void;
  /** What the master says now, instead of the simulated cluster. */
  setState(state: MesosState): void;
  /** Reads the master now, unless it is frozen. */
  refresh(): void;

  setFault(fault: MesosDnsFault): Promise<void>;
  clearFaults(): Promise<void>;
  close(): Promise<void>;
}
