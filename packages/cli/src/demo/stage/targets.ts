import type { ClientKind, Target } from '../load/request-record.ts';
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
  const hostname = apps.get(app)?.hostname;
  const own = { app, entrance: 'port', address, port: portOf(addresses, app), host: address } as const;
  const shared =
    hostname === undefined ? [] : [{ app, entrance: 'host', address, port: sharedPort, host: hostname } as const];
  const isTcp = everyApp.find(({ id }) => id === app)?.protocol === 'tcp';
  const clients: readonly ClientKind[] = isTcp
    ? ['new-connection', 'new-connection']
    : ['keep-alive', 'new-connection'];
  return [own, ...shared].flatMap((entrance) =>
    clients.map((client, index) => ({ ...entrance, client, path: index === 0 ? slowPath : '/' })),
  );
}
