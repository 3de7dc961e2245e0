import { MesosDnsSimulatorError } from '../error.ts';
import type { MesosAgent, MesosState, MesosTask } from './mesos-state.ts';
import { describeTask, type TaskDefinition } from './task-definition.ts';

/** A Mesos cluster as its leading master would describe it. */
export class Cluster {
  readonly #agents: readonly MesosAgent[];
  readonly #lost = new Set<string>();
  readonly #frameworks = new Map<string, Map<string, MesosTask>>();
  #leader: string;
  #launched = 0;

  constructor(agentAddresses: readonly string[], leader: string) {
    this.#leader = leader;
    this.#agents = agentAddresses.map((address, index) => ({
      id: `5e1ec7ed-0000-4000-8000-000000000000-S${index}`,
      hostname: address,
      pid: `slave(1)@${address.includes(':') ? `[${address}]` : address}:5051`,
    }));
    this.#frameworks.set('marathon', new Map());
  }

  launch(definition: TaskDefinition): string {
    const framework = definition.framework ?? 'marathon';
    const number = this.#launched++;
    const index = definition.agent ?? number % this.#agents.length;
    const agent = this.#agents[index];
    if (agent === undefined) throw new MesosDnsSimulatorError(`there is no agent ${index}`);
    const id = definition.id ?? `${definition.name}.00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const tasks = this.#frameworks.get(framework) ?? new Map<string, MesosTask>();
    this.#frameworks.set(framework, tasks);
    tasks.set(id, describeTask(definition, { id, agentId: agent.id, agentAddress: agent.hostname }));
    return id;
  }

  end(taskId: string): void {
    for (const tasks of this.#frameworks.values()) if (tasks.delete(taskId)) return;
    throw new MesosDnsSimulatorError(`there is no task ${taskId}`);
  }

  /** The agent is no longer registered: the master does not list it, and Mesos-DNS no task of it. */
  setRegistered(index: number, registered: boolean): void {
    const agent = this.#agents[index];
    if (agent === undefined) throw new MesosDnsSimulatorError(`there is no agent ${index}`);
    if (registered) this.#lost.delete(agent.id);
    else this.#lost.add(agent.id);
  }

  /** Another master leads, and knows none of the agents until they register again. */
  failOver(leader: string): void {
    this.#leader = leader;
    for (const { id } of this.#agents) this.#lost.add(id);
  }

  /** Tasks of agents that the master does not know are not in its state either. */
  describe(): MesosState {
    return {
      leader: `master@${this.#leader}`,
      slaves: this.#agents.filter(({ id }) => !this.#lost.has(id)),
      frameworks: [...this.#frameworks].map(([name, tasks]) => ({
        name,
        hostname: '127.0.0.1',
        tasks: [...tasks.values()].filter(({ slave_id }) => !this.#lost.has(slave_id)),
      })),
    };
  }
}
