import { apps } from '../stage/apps.ts';
import type { Act } from './act.ts';
import { busiestSpareableAgent, firstTaskOf } from './choose.ts';
import { catchesUp, noFailedRequest, noReload, onlyCutOffRequests, trafficFollows } from './promises.ts';

/** Endpoints of known services come and go. */
export const endpointActs: readonly Act[] = [
  {
    title: 'Scale up',
    story: `${apps.web.id} grows from ${apps.web.instances} to 6 tasks`,
    promises: [noFailedRequest, noReload, trafficFollows, catchesUp],
    async perform({ cluster, catchUp, hold }) {
      await cluster.scale(apps.web.id, 6);
      await catchUp();
      await hold();
    },
  },
  {
    title: 'Scale down',
    story: `${apps.web.id} shrinks from 6 to 4 tasks`,
    promises: [noFailedRequest, noReload, catchesUp],
    async perform({ cluster, catchUp, hold }) {
      await cluster.scale(apps.web.id, 4);
      await catchUp();
      await hold();
    },
  },
  {
    title: 'Rolling deploy',
    story: `every task of ${apps.api.id} is replaced, in two steps, each when the successors are ready`,
    promises: [noFailedRequest, noReload, trafficFollows, catchesUp],
    async perform({ cluster, catchUp, hold }) {
      await cluster.restartApp(apps.api.id);
      await catchUp();
      await hold();
    },
  },
  {
    title: 'Kill with notice',
    story: `a task of ${apps.cart.id} is asked to end, and another one starts`,
    promises: [noFailedRequest, noReload, trafficFollows, catchesUp],
    async perform({ cluster, catchUp, hold }) {
      await cluster.killTask(firstTaskOf(cluster, apps.cart.id).id);
      await catchUp();
      await hold();
    },
  },
  {
    title: 'Crash',
    story: `a task of ${apps.cart.id} dies without notice, and is launched again`,
    promises: [onlyCutOffRequests, noReload, trafficFollows, catchesUp],
    async perform({ cluster, crash, catchUp, hold }) {
      await crash(firstTaskOf(cluster, apps.cart.id).id);
      await catchUp();
      await hold();
    },
  },
  {
    title: 'Agent lost',
    story: 'a whole agent vanishes with all its tasks; Marathon notices late',
    promises: [onlyCutOffRequests, noReload, trafficFollows, catchesUp],
    async perform({ cluster, loseAgent, catchUp, hold, say }) {
      const { address, tasks } = busiestSpareableAgent(cluster);
      say(`agent ${address} is lost with ${tasks} tasks`);
      await loseAgent(address);
      await catchUp();
      await hold();
      await cluster.restoreAgent(address);
      await catchUp();
    },
  },
];
