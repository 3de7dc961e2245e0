import type { Server, Upstream } from '../desired/model.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';

/** Idle connections to the endpoints of one upstream, for each worker. */
const idleConnections = 16;

/** Those that take new clients. Binding a client to an endpoint is for the Lua code. */
export function activeServers({ servers }: Upstream): readonly Server[] {
  return servers.filter(({ draining, weight }) => !draining && weight > 0);
}

/** An upstream that nginx itself balances; it has at least one active server. */
export function renderUpstream(upstream: Upstream): string {
  const { name, policy, protocol } = upstream;
  const servers = activeServers(upstream);
  const method = methodOf(upstream);
  // Neither `hash` nor `random` knows backups (ngx_http_upstream_module, `server`); and a pool of backups alone is refused.
  const hasPrimary = servers.some(({ backup }) => !backup);
  const knowsBackup = method === '' || method === 'least_conn;';
  const used = hasPrimary && !knowsBackup ? servers.filter(({ backup }) => !backup) : servers;
  return block(`upstream ${safe.name(name)}`, [
    // Connections are counted across workers only in shared memory.
    policy.maxConnections === undefined ? '' : `zone ${name} 64k;`,
    method,
    ...used.map((server) => renderServer(server, policy.maxConnections, server.backup && hasPrimary)),
    protocol === 'http' && policy.tls === undefined ? `keepalive ${idleConnections};` : '',
  ]);
}

function renderServer({ address, port, weight }: Server, maxConnections: number | undefined, backup: boolean): string {
  return [
    `server ${safe.addressAndPort(address, port)} weight=${weight}`,
    ...(maxConnections === undefined ? [] : [`max_conns=${maxConnections}`]),
    `max_fails=1 fail_timeout=10s${backup ? ' backup' : ''};`,
  ].join(' ');
}

function methodOf({ policy: { balance } }: Upstream): string {
  switch (balance) {
    case 'leastconn':
      return 'least_conn;';
    case 'random':
      return 'random;';
    case 'source':
      return 'hash $remote_addr consistent;';
    case 'uri':
      return 'hash $signalbox_path consistent;';
    case 'roundrobin':
      return '';
  }
}
