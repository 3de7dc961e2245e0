import type { AppDefinition } from '@signalbox/testkit/marathon';
import { portOf } from '../stage/addresses.ts';
import { type DemoApp, lateApp, toAppDefinition, unforeseenApp } from '../stage/apps.ts';
import type { Addresses } from '../stage/stage.ts';
import type { Act } from './act.ts';
import { catchesUp, noFailedRequest, noReload, oneReload, trafficFollows } from './promises.ts';
import type { Scene } from './scene.ts';

/** Services come: one that HAProxy has room for, and one with a port that it learns of by a reload only. */
export function createStructureActs(addresses: Addresses): readonly Act[] {
  const define = (app: DemoApp): AppDefinition => toAppDefinition(app, portOf(addresses, app.id));
  return [
    {
      title: 'New app',
      story: `${lateApp.id} appears, with a host name, and a port of the range that HAProxy has`,
      promises: [noFailedRequest, noReload, trafficFollows, catchesUp],
      perform: (scene) => welcome(define(lateApp), scene),
    },
    {
      title: 'New port',
      story: `${unforeseenApp.id} appears, with a port outside of that range`,
      promises: [noFailedRequest, oneReload, trafficFollows, catchesUp],
      perform: (scene) => welcome(define(unforeseenApp), scene),
    },
  ];
}

async function welcome(app: AppDefinition, { cluster, settle, ask, catchUp, hold }: Scene): Promise<void> {
  await cluster.createApp(app);
  // Nobody promises that an app answers before its proxy has it, and a reload on a busy machine may take longer than the patience.
  if (!(await settle())) return;
  ask(app.id);
  await catchUp();
  await hold();
}
