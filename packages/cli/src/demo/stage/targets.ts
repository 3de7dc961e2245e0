import type { Target } from '../load/target.ts';
import { portOf } from './addresses.ts';
import { everyApp } from './apps.ts';
import type { Addresses } from './stage.ts';

/** Long enough that something is in flight most of the time. The simulated tasks answer this path that late. */
const slowPath = '/slow?ms=40';

/**
 * Every way in which clients reach an app: its own port and, if it has a name, the shared listener; over one connection for many requests, and
 * over a new one for each. A TCP connection cannot move to another task, so there the clients open a new one for each request.
 */
export function createTargets(app: string, addresses: Addresses): readonly Target[] {
  const { address, sharedPort, apps } = addresses;
  const port = portOf(addresses, app);
  const hostname = apps.get(app)?.hostname;
  const entrances = [
    { app, entrance: `port ${port}`, origin: `http://${address}:${port}`, headers: {} },
    ...(hostname === undefined
      ? []
      : [
          { app, entrance: `host ${hostname}`, origin: `http://${address}:${sharedPort}`, headers: { host: hostname } },
        ]),
  ];
  const isTcp = everyApp.find(({ id }) => id === app)?.protocol === 'tcp';
  return entrances.flatMap(({ origin, ...entrance }) => [
    { ...entrance, url: `${origin}${slowPath}`, keepAlive: !isTcp },
    { ...entrance, url: `${origin}/`, keepAlive: false },
  ]);
}
