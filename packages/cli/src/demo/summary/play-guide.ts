import type { Addresses, Stage } from '../stage/stage.ts';

/** What to try while everything goes on running, with the addresses of this run. */
export function renderPlayGuide({ addresses, cluster }: Pick<Stage, 'addresses' | 'cluster'>): string {
  const { controlUrl = '', urls } = cluster;
  const marathon = urls[0] ?? '';
  return [
    'Everything goes on running. Requests through HAProxy:',
    '',
    ...[...addresses.apps].map(
      ([id, { hostname, port }]) => `  ${curlFor(addresses, hostname, port).padEnd(66)}# ${id}`,
    ),
    '',
    'Things that happen to the cluster:',
    '',
    `  curl -X POST '${controlUrl}/apps/shop/web/scale?instances=5'`,
    `  curl -X POST ${controlUrl}/apps/shop/api/restart`,
    `  curl -X POST ${controlUrl}/leader/change`,
    `  curl ${controlUrl}/faults -d '{"kind":"refuse"}'`,
    `  curl -X DELETE ${controlUrl}/faults`,
    `  curl ${controlUrl}/state`,
    '',
    `Marathon itself answers too: curl ${marathon}/v2/apps`,
    'Ctrl-C ends everything.',
  ].join('\n');
}

function curlFor({ address, sharedPort }: Addresses, hostname: string | undefined, port: number): string {
  if (hostname === undefined) return `curl http://${address}:${port}/`;
  return `curl -H 'Host: ${hostname}' http://${address}:${sharedPort}/`;
}
