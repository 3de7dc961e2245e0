import { everyApp, foreseenApps } from './apps.ts';
import { findPortBlock } from './ports.ts';
import type { Addresses } from './stage.ts';

/** Where the proxy of the demo listens. */
export const loopback = '127.0.0.1';

/** Chooses free ports: one for the shared listener, and one for each app behind it. */
export async function createAddresses(): Promise<Addresses> {
  const sharedPort = await findPortBlock(loopback, 1 + everyApp.length);
  const apps = new Map(
    everyApp.map(({ id, hostname }, index) => [
      id,
      { port: sharedPort + 1 + index, ...(hostname === undefined ? {} : { hostname }) },
    ]),
  );
  const portRange = { from: sharedPort + 1, to: sharedPort + foreseenApps.length };
  return { address: loopback, sharedPort, portRange, apps };
}

/** @throws {Error} for an app that is not part of the demo. */
export function portOf({ apps }: Addresses, app: string): number {
  const found = apps.get(app);
  if (found === undefined) throw new Error(`looking for the port of ${app}: it is not part of the demo`);
  return found.port;
}
