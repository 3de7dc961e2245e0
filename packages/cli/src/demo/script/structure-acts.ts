import type { AppDefinition } from '@signalbox/testkit/marathon';
import { lateApp } from '../stage/apps.ts';
import type { Act } from './act.ts';
import { catchesUp, noFailedRequest, oneReload, trafficFollows } from './promises.ts';

/** Services come: what HAProxy cannot learn while it runs. */
export function createStructureActs(definition: AppDefinition): readonly Act[] {
  return [
    {
      title: 'New app',
      story: `${lateApp.id} appears, with a port and a host name of its own`,
      promises: [noFailedRequest, oneReload, trafficFollows, catchesUp],
      async perform({ cluster, settle, ask, catchUp, hold }) {
        await cluster.createApp(definition);
        await settle();
        ask(lateApp.id);
        await catchUp();
        await hold();
      },
    },
  ];
}
