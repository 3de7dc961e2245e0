import type { Desired, Upstream } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';
import { type PassthroughOptions, renderPassthrough } from './passthrough.ts';
import { activeServers, renderUpstream } from './upstream.ts';

/** TCP and UDP services, each on its port, and TLS that is passed through. Empty when there is none of it. */
export function renderStream(desired: Desired, options: PassthroughOptions): string {
  const { settings } = options;
  const upstreams = new Map<string, string>();
  const servers: string[] = [];
  const renderServer = (upstream: Upstream, listen: readonly string[]): string => {
    if (activeServers(upstream).length === 0) return block('server', [...listen, 'return "";']);
    upstreams.set(upstream.name, renderUpstream(upstream));
    return block('server', [...listen, ...serverLines(upstream, settings)]);
  };
  for (const protocol of ['tcp', 'udp'] as const) {
    for (const [port, name] of desired.ports[protocol]) {
      const upstream = desired.upstreams.get(name);
      if (upstream === undefined) continue;
      const listen = `listen ${safe.addressAndPort(settings.bindAddress, port)}${protocol === 'udp' ? ' udp' : ''};`;
      servers.push(renderServer(upstream, [listen]));
    }
  }
  const passed = renderPassthrough(desired, options, renderServer);
  const all = [...servers, ...passed];
  return all.length === 0 ? '' : block('stream', [...upstreams.values(), ...all]);
}

function serverLines({ name, policy, protocol }: Upstream, settings: Settings): readonly string[] {
  const { tls } = policy;
  return [
    `proxy_pass ${safe.name(name)};`,
    `proxy_connect_timeout ${policy.connectMs}ms;`,
    `proxy_timeout ${Math.max(policy.readMs, settings.clientTimeoutMs)}ms;`,
    `proxy_next_upstream_tries ${policy.retries + 1};`,
    // One datagram is one session: nothing tells when a UDP client has gone.
    protocol === 'udp' ? 'proxy_responses 1;' : '',
    policy.proxyProtocol ? 'proxy_protocol on;' : '',
    ...(tls === undefined
      ? []
      : [
          'proxy_ssl on;',
          'proxy_ssl_server_name on;',
          tls.serverName === undefined ? '' : `proxy_ssl_name ${safe.quoted(tls.serverName)};`,
          ...(tls.verified ? verifyLines(settings) : []),
        ]),
  ];
}

/** Where Debian keeps the certificates of all authorities. */
const systemAuthorities = '/etc/ssl/certs/ca-certificates.crt';

export function verifyLines({ endpointCaFile }: Pick<Settings, 'endpointCaFile'>): readonly string[] {
  return [
    'proxy_ssl_verify on;',
    'proxy_ssl_verify_depth 8;',
    `proxy_ssl_trusted_certificate ${safe.path(endpointCaFile ?? systemAuthorities)};`,
  ];
}
