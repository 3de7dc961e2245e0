import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { catalogOf, service } from '@signalbox/testkit';
import type { MarathonEvent, TaskView } from '@signalbox/testkit/marathon';
import { apps } from '../stage/apps.ts';
import type { Stage } from '../stage/stage.ts';
import { target } from './records.ts';

/** The only task of the fake cluster. */
export const onlyTask = 'web-1';

/** A stage without a cluster: one app with one task, whose clients are answered by the listener. It agrees with itself at once. */
export async function openFakeStage(listener: RequestListener): Promise<Stage> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const listeners = new Set<(event: MarathonEvent) => void>();
  const task: TaskView = {
    id: onlyTask,
    instanceId: onlyTask,
    appId: apps.web.id,
    state: 'TASK_RUNNING',
    agent: '127.0.0.1',
    address: '127.0.0.1',
    ports: [port],
    version: '1',
    healthy: true,
  };
  const accept = async (): Promise<void> => {};
  return {
    proxy: 'nothing',
    addresses: {
      address: '127.0.0.1',
      sharedPort: port,
      portRange: { from: port, to: port },
      apps: new Map([[apps.web.id, { port }]]),
    },
    failure: new Promise(() => {}),
    targetsOf: (app) => (app === apps.web.id ? [{ ...target, url: `http://127.0.0.1:${port}/` }] : []),
    cluster: {
      agents: ['127.0.0.1'],
      urls: ['http://127.0.0.1:1'],
      controlUrl: 'http://127.0.0.1:2',
      createApp: accept,
      restartApp: accept,
      scale: accept,
      killTask: accept,
      loseAgent: accept,
      restoreAgent: accept,
      changeLeader: accept,
      setFault: () => {},
      clearFaults: () => {},
      settled: accept,
      tasks: () => [task],
      onEvent(listen) {
        listeners.add(listen);
        return () => listeners.delete(listen);
      },
    },
    pipeline: {
      catalog: catalogOf([service(apps.web.id)]),
      status: {
        catalogVersion: 1,
        sources: { marathon: { health: 'fresh', services: 1, endpoints: 1, attempts: 0, holds: [], warnings: [] } },
        transforms: {},
        sinks: { haproxy: { health: 'in-sync', appliedVersion: 1, attempts: 0, warnings: [] } },
      },
      subscribe: () => () => {},
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
