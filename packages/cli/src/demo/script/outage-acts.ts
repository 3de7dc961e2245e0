import { apps } from '../stage/apps.ts';
import type { Act } from './act.ts';
import { firstTaskOf } from './choose.ts';
import { catchesUp, noFailedRequest, noReload, nothingForgotten, staleIsShown, trafficFollows } from './promises.ts';

/** Marathon itself is in trouble; the traffic must not notice. */
export const outageActs: readonly Act[] = [
  {
    title: 'Leader change',
    story: 'another Marathon master leads; all event streams break',
    promises: [noFailedRequest, noReload, nothingForgotten, catchesUp],
    async perform({ cluster, catchUp, hold }) {
      await cluster.changeLeader();
      await hold();
      await catchUp();
    },
  },
  {
    title: 'Marathon down and back',
    story: `no master can be reached, while a task of ${apps.web.id} ends and another one starts`,
    promises: [noFailedRequest, noReload, nothingForgotten, staleIsShown, trafficFollows, catchesUp],
    async perform(scene) {
      const { cluster, await: until, isSourceFresh, takeMarathonDown, bringMarathonBack, hold, catchUp, say } = scene;
      takeMarathonDown();
      await until('Marathon being seen as down', () => !isSourceFresh());
      say('Marathon cannot be asked: what is known stays in force');
      const { id: leaving } = firstTaskOf(cluster, apps.web.id);
      await cluster.killTask(leaving);
      await until('the end of a task', () => cluster.tasks(apps.web.id).every(({ id }) => id !== leaving));
      say('the task is gone, and only HAProxy can notice');
      await hold();
      bringMarathonBack();
      say('Marathon is back');
      await catchUp();
      await hold();
    },
  },
];
