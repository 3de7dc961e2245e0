import type { Random } from './random.ts';
import type { Task } from './task.ts';

export interface Agent {
  readonly id: string;
  readonly address: string;
  readonly region: string;
  readonly zone: string;
  /** False while it is cut off. */
  connected: boolean;
  /** Tasks that were given up while it was cut off, and that Marathon will not know when it returns. */
  readonly orphans: Task[];
}

export function createAgents(addresses: readonly string[], random: Random): Agent[] {
  const frameworkId = random.uuid();
  return addresses.map((address, index) => ({
    id: `${frameworkId}-S${index}`,
    address,
    region: 'primary',
    zone: 'abc'.charAt(index % 3),
    connected: true,
    orphans: [],
  }));
}

/** One of the agents with the fewest tasks of the app, by lot; undefined if no agent may take it. */
export function chooseAgent(
  agents: readonly Agent[],
  tasksOfApp: Iterable<Task>,
  constraints: readonly (readonly string[])[],
  random: Random,
): Agent | undefined {
  const load = new Map<Agent, number>(agents.filter((agent) => agent.connected).map((agent) => [agent, 0]));
  for (const { agent } of tasksOfApp) {
    const count = agent === undefined ? undefined : load.get(agent);
    if (agent !== undefined && count !== undefined) load.set(agent, count + 1);
  }
  const unique = constraints.some(([field, operator]) => field === 'hostname' && operator === 'UNIQUE');
  const lowest = Math.min(...load.values());
  if (unique && lowest > 0) return undefined;
  const candidates = [...load].filter(([, count]) => count === lowest).map(([agent]) => agent);
  return candidates[random.below(candidates.length)];
}
