import { describeSourceContract, type SourceFault } from '@signalbox/testkit/contracts';
import { createMarathonSimulator, dialectNames, type Fault } from '@signalbox/testkit/marathon';
import { type MarathonOptions, marathon } from '../src/index.ts';

const credentials = { username: 'signalbox', password: 'tr0ub4dor&3' };

const faults: Readonly<Record<SourceFault, Fault>> = {
  unreachable: { kind: 'refuse' },
  error: { kind: 'status', status: 500 },
  garbage: { kind: 'truncated' },
  hang: { kind: 'hang' },
  unauthorized: { kind: 'unauthorized' },
};

for (const dialect of dialectNames) {
  describeSourceContract<MarathonOptions>(`marathon ${dialect}`, {
    plugin: marathon,
    packageType: 'marathon',
    load: () => import('../src/index.ts'),
    async start() {
      const simulator = await createMarathonSimulator({
        dialect,
        credentials,
        liveTasks: false,
        timing: { drainMs: 20, lingerMs: 0, killGraceMs: 20, jitterMs: 2 },
      });
      const apps = new Map<string, number>();
      return {
        options: {
          urls: simulator.urls,
          auth: { basic: credentials },
          requestTimeoutMs: 500,
          resyncMs: 250,
          pollIntervalMs: 100,
          coalesceMs: 10,
        },
        credentials: [
          credentials.password,
          encodeURIComponent(credentials.password),
          Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64'),
        ],
        async setServices(population) {
          for (const [name, instances] of Object.entries(population)) {
            const id = `/contract/${name}`;
            if (!apps.has(name)) {
              await simulator.createApp({ id, instances, portDefinitions: [{ port: 0, name: 'http' }] });
            } else if (apps.get(name) !== instances) await simulator.scale(id, instances);
            apps.set(name, instances);
          }
          for (const name of [...apps.keys()]) {
            if (name in population) continue;
            await simulator.deleteApp(`/contract/${name}`);
            apps.delete(name);
          }
        },
        async fail(fault) {
          simulator.setFault(faults[fault]);
        },
        async recover() {
          simulator.clearFaults();
        },
        async loseEvents() {
          simulator.setFault({ kind: 'stream-drop' });
        },
        stop: () => simulator.close(),
      };
    },
  });
}
