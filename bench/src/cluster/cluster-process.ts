import { delay } from '@signalbox/core';
import { createMarathonSimulator, type MarathonSimulator } from '@signalbox/testkit/marathon';
import { type Call, type ClusterCalls, type ClusterMessage, readMonotonicMs } from './messages.ts';

// A process of its own, so that what the cluster costs is never counted as a cost of what follows it.
let simulator: MarathonSimulator | undefined;
let events = 0;
const announced = new Set<string>();

const calls: ClusterCalls = {
  async open(options, apps) {
    simulator = await createMarathonSimulator(options);
    for (const app of apps) await simulator.createApp(app);
    await simulator.settled();
    simulator.onEvent((event) => {
      events += 1;
      if (announced.has(event.eventType)) send({ type: 'event', event, monotonicMs: readMonotonicMs() });
    });
    return simulator.urls;
  },
  createApp: (app) => running().createApp(app),
  deleteApp: (app) => running().deleteApp(app),
  scale: (app, instances) => running().scale(app, instances),
  async killSteadily(tasks, intervalMs) {
    const startedAtMs = performance.now();
    for (const [index, task] of tasks.entries()) {
      await delay(Math.max(0, startedAtMs + index * intervalMs - performance.now()));
      await running().killTask(task);
    }
  },
  settled: () => running().settled(),
  tasks: async (app) => running().tasks(app),
  countEvents: async () => events,
  announce: async (eventType) => void announced.add(eventType),
};

function running(): MarathonSimulator {
  if (simulator === undefined) throw new Error('the cluster is not open');
  return simulator;
}

function send(message: ClusterMessage): void {
  process.send?.(message);
}

process.on('message', async ({ number, name, parameters }: Call) => {
  try {
    const call = calls[name] as (...values: readonly unknown[]) => Promise<unknown>;
    send({ type: 'result', number, value: await call(...parameters) });
  } catch (error) {
    send({ type: 'error', number, message: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit());
