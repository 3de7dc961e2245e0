import type { Cluster } from '../stage/stage.ts';

type TaskView = ReturnType<Cluster['tasks']>[number];

const running = 'TASK_RUNNING';

/** @throws {Error} when the app has no running task. */
export function firstTaskOf(cluster: Pick<Cluster, 'tasks'>, app: string): TaskView {
  const task = cluster.tasks(app).find(({ state }) => state === running);
  if (task === undefined) throw new Error(`choosing a task of ${app}: none runs`);
  return task;
}

/**
 * The agent with the most tasks among those that no app depends on alone.
 * @throws {Error} when there is none.
 */
export function busiestSpareableAgent(cluster: Pick<Cluster, 'tasks' | 'agents'>): {
  readonly address: string;
  readonly tasks: number;
} {
  const tasks = cluster.tasks().filter(({ state }) => state === running);
  const apps = new Set(tasks.map(({ appId }) => appId));
  const candidates = cluster.agents
    .map((address) => ({ address, tasks: tasks.filter(({ agent }) => agent === address).length }))
    .filter(({ address }) =>
      [...apps].every((app) => tasks.some(({ appId, agent }) => appId === app && agent !== address)),
    )
    .sort((left, right) => right.tasks - left.tasks);
  const [best] = candidates;
  if (best === undefined || best.tasks === 0)
    throw new Error('choosing an agent to lose: every app would lose all its tasks');
  return best;
}
