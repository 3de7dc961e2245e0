import { addCertificateEntries } from './certificate-entries.ts';
import type { Desired, HostRoutes, Upstream } from './model.ts';

/**
 * What the Lua code looks up, as JSON by key: `h/<host>`, `u/<upstream>`, `p/<service port>`, `c/<certificate>` and `n/<host of a handshake>`. In
 * the mode without Lua nobody looks them up, and they still tell what changed.
 */
export type Entries = ReadonlyMap<string, string>;

const upstreamTexts = new WeakMap<Upstream, string>();
const hostTexts = new WeakMap<HostRoutes, string>();

/** In the order of keys. Services that are the same objects as before cost no more than a look. */
export function toEntries(desired: Desired): Entries {
  const entries = new Map<string, string>();
  for (const [host, routes] of desired.hosts) entries.set(hostKey(host), formatHost(routes));
  for (const [port, upstream] of desired.ports.http) entries.set(`p/${port}`, JSON.stringify(upstream));
  for (const upstream of desired.upstreams.values()) entries.set(upstreamKey(upstream.name), formatUpstream(upstream));
  addCertificateEntries(entries, desired.certificates);
  return entries;
}

export function hostKey(host: string): string {
  return `h/${host}`;
}

export function upstreamKey(name: string): string {
  return `u/${name}`;
}

export function formatUpstream(upstream: Upstream): string {
  const known = upstreamTexts.get(upstream);
  if (known !== undefined) return known;
  const { policy, servers, protocol } = upstream;
  const { balance, cookie, maxConnections, retries, connectMs, sendMs, readMs, tls, proxyProtocol } = policy;
  const text = JSON.stringify({
    protocol,
    balance,
    cookie,
    maxConnections,
    retries,
    tls: tls && (tls.verified ? 'verified' : 'unverified'),
    serverName: tls?.serverName,
    proxyProtocol: proxyProtocol || undefined,
    timeouts: { connect: connectMs / 1_000, send: sendMs / 1_000, read: readMs / 1_000 },
    servers,
  });
  upstreamTexts.set(upstream, text);
  return text;
}

function formatHost(routes: HostRoutes): string {
  const known = hostTexts.get(routes);
  if (known !== undefined) return known;
  const { exact, prefix } = routes;
  const longest = Math.max(0, ...[...prefix.keys()].map((path) => path.length));
  const text = JSON.stringify({ exact: toObject(exact), prefix: toObject(prefix), longest });
  hostTexts.set(routes, text);
  return text;
}

function toObject(rules: HostRoutes['exact']): object {
  const sorted = [...rules].sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(
    sorted.map(([path, list]) => [
      path,
      list.map(({ upstream, conditions, actions }) => ({ to: upstream, if: conditions, do: actions })),
    ]),
  );
}
