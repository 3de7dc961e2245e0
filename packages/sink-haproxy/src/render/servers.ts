import type { Backend, Server } from '../desired/model.ts';
import * as safe from './escape.ts';

/** The words behind `server` in the file and behind `add server <backend>/` at runtime: made once, so that they cannot differ. */
export function serverWords(backend: Backend, server: Server): string {
  const place = safe.addressAndPort(server.address, server.port);
  const role = server.backup ? 'backup ' : '';
  return `${safe.name(server.name)} ${place} weight ${server.weight} ${role}${backend.serverSettings}`;
}
