import { createAgents } from './cluster/agents.ts';
import { awaitSettled } from './cluster/await-settled.ts';
import { createApp, deleteApp, restartApp, updateApp } from './cluster/change-app.ts';
import { createPod, deletePod, updatePod } from './cluster/change-pod.ts';
import { forgetHealth, setHealthy } from './cluster/check-health.ts';
import { createClock } from './cluster/clock.ts';
import { Cluster } from './cluster/cluster.ts';
import { crashTask, killTask } from './cluster/kill-task.ts';
import { loseAgent, restoreAgent } from './cluster/lose-agent.ts';
import { createRandom } from './cluster/random.ts';
import { reconcile } from './cluster/reconcile.ts';
import { Scheduler } from './cluster/scheduler.ts';
import type { ChangeRequest } from './cluster/store-version.ts';
import type { Task } from './cluster/task.ts';
import { openControlServer } from './control/control-server.ts';
import { findDialect } from './dialects/find-dialect.ts';
import { SimulatorError } from './error.ts';
import { createLeadership } from './masters/leadership.ts';
import { openMasters } from './masters/masters.ts';
import { defaultTiming, type MarathonSimulatorOptions } from './options.ts';
import type { MarathonSimulator } from './simulator-interface.ts';
import { createEventHub } from './stream/event-hub.ts';
import { toEventJson } from './stream/event-json.ts';
import { toTaskView } from './task-view.ts';
import { reserveAddressBlock } from './tasks/address-block.ts';
import { createLiveLauncher } from './tasks/live-launcher.ts';
import { createPaperLauncher } from './tasks/paper-launcher.ts';

/** Who the calls of this API come from, in the events that tell of them. */
const ownRequest = (appId: string): ChangeRequest => ({ clientIp: '127.0.0.1', uri: `/v2/apps${appId}`, force: true });

const ownPodRequest = (podId: string): ChangeRequest => ({ ...ownRequest(podId), uri: `/v2/pods${podId}` });

/**
 * Starts Marathon nodes, agents and the scheduler between them, all in this process and on loopback addresses.
 * The simulator is listening when the promise resolves, and holds its ports until `close()`.
 */
export async function createMarathonSimulator(options: MarathonSimulatorOptions = {}): Promise<MarathonSimulator> {
  const { seed = 1, masters: masterCount = 2, agents: agentOption = 4 } = options;
  const dialect = findDialect(options.dialect ?? '1.10');
  const timing = { ...defaultTiming, ...options.timing };
  const block = await reserveAddressBlock();
  const addresses = typeof agentOption === 'number' ? block.agentAddresses(agentOption) : agentOption;
  const scheduler = new Scheduler({ followsRealTime: options.startTime === undefined });
  const clock = createClock(scheduler, options.startTime === undefined ? Date.now() : Date.parse(options.startTime));
  const random = {
    ids: createRandom(seed, 'ids'),
    placement: createRandom(seed, 'placement'),
    timing: createRandom(seed, 'timing'),
  };
  const hub = createEventHub();
  const cluster = new Cluster({
    timing,
    rules: { ...dialect.rules, killingState: dialect.rules.killingState && (options.killingState ?? true) },
    scheduler,
    clock,
    agents: createAgents(addresses, random.ids),
    launcher: (options.liveTasks ?? true) ? createLiveLauncher(block) : createPaperLauncher(block),
    random,
    publish(event) {
      const written = toEventJson(dialect, event, clock.timestamp());
      if (written !== undefined) hub.publish(written);
    },
    reconcile,
  });
  const leadership = createLeadership({
    masters: masterCount,
    electionMs: timing.electionMs,
    onLost() {
      // The process of the leader exits (since 1.3.6), and standbys that pass streams on lose theirs with it.
      for (const stream of hub.streams) stream.destroy();
    },
    onElected() {
      forgetHealth(cluster);
      cluster.publish({ type: 'scheduler-reregistered' });
    },
  });
  const masters = await openMasters({
    settings: {
      cluster,
      prefix: (options.prefix ?? '').replace(/\/+$/, ''),
      credentials: options.credentials,
      dialect,
      standby: options.standby ?? dialect.stream?.standby ?? 'proxy',
      heartbeatMs: timing.heartbeatMs,
      maxOutstandingEvents: options.maxOutstandingEvents ?? dialect.stream?.maxOutstandingEvents ?? 0,
    },
    hub,
    leadership,
    ports: Array.from({ length: masterCount }, (_, index) => options.masterPorts?.[index] ?? 0),
    tls: options.tls,
  });

  const requireTask = (taskId: string): Task => {
    const task = cluster.findTask(taskId);
    if (task === undefined) throw new SimulatorError('TASK_UNKNOWN', `Task '${taskId}' does not exist`);
    return task;
  };
  const requireAgent = (address: string) => {
    const agent = cluster.settings.agents.find((candidate) => candidate.address === address);
    if (agent === undefined) throw new SimulatorError('AGENT_UNKNOWN', `Agent '${address}' does not exist`);
    return agent;
  };
  const requirePods = () => {
    if (dialect.pods !== undefined) return;
    throw new SimulatorError('DEFINITION_INVALID', `Marathon ${dialect.name} has no pods`);
  };
  let control: { readonly url: string; close(): Promise<void> } | undefined;
  let closing: Promise<void> | undefined;
  const close = async () => {
    scheduler.close();
    for (const task of cluster.allTasks()) task.process?.destroy();
    await Promise.all([control?.close(), masters.close(), block.release()]);
  };

  const simulator: MarathonSimulator = {
    dialect: dialect.name,
    urls: masters.nodes.map((node) => node.origin + masters.settings.prefix),
    get controlUrl() {
      return control?.url;
    },
    get leaderIndex() {
      return leadership.index;
    },
    agents: addresses,
    async createApp(definition) {
      createApp(cluster, definition, { ...ownRequest(definition.id), uri: '/v2/apps' });
    },
    async updateApp(id, change) {
      updateApp(cluster, id, change, ownRequest(id));
    },
    async restartApp(id) {
      restartApp(cluster, id, ownRequest(id));
    },
    async scale(id, instances) {
      updateApp(cluster, id, { instances }, ownRequest(id));
    },
    async deleteApp(id) {
      deleteApp(cluster, id, ownRequest(id));
    },
    async createPod(pod) {
      requirePods();
      createPod(cluster, pod, { ...ownPodRequest(pod.id), uri: '/v2/pods' });
    },
    async updatePod(id, change) {
      updatePod(cluster, id, change, ownPodRequest(id));
    },
    async scalePod(id, instances) {
      updatePod(cluster, id, { scaling: { kind: 'fixed', instances } }, ownPodRequest(id));
    },
    async deletePod(id) {
      deletePod(cluster, id, ownPodRequest(id));
    },
    async killTask(taskId, { notice = true } = {}) {
      const task = requireTask(taskId);
      if (notice) killTask(cluster, task);
      else crashTask(cluster, task);
    },
    setHealthy: (taskId, healthy) => setHealthy(cluster, requireTask(taskId), healthy),
    async loseAgent(address) {
      loseAgent(cluster, requireAgent(address));
    },
    async restoreAgent(address) {
      restoreAgent(cluster, requireAgent(address));
    },
    changeLeader: () => masters.changeLeader(),
    setFault: (fault, { master } = {}) => masters.setFault(fault, master),
    clearFaults: () => masters.clearFaults(),
    async settled() {
      await Promise.all([masters.ready(), leadership.settled()]);
      await awaitSettled(cluster);
    },
    tasks: (appId) =>
      (appId === undefined ? cluster.allTasks() : cluster.tasksOf(appId)).flatMap((task) => toTaskView(task, dialect)),
    onEvent: hub.listen,
    connections: () => ({ streams: hub.streams.size, requests: masters.requests }),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => simulator.close(),
  };
  if (options.control !== undefined && options.control !== false) {
    const port = options.control === true ? 0 : options.control.port;
    control = await openControlServer(simulator, port);
  }
  return simulator;
}
