import { addCertificateEntries } from './certificate-entries.ts';
import type { Desired, HostRoutes, Server, Upstream } from './model.ts';

/**
 * What the Lua code looks up, as JSON by key: `h/<host>`, `u/<upstream>`, `p/<service port>`, `c/<certificate>` and `n/<host of a handshake>`. In
 * the mode without Lua nobody looks them up, and they still tell what changed.
 */
export type Entries = ReadonlyMap<string, string>;

const upstreamTexts = new WeakMap<Upstream, string>();
const serverTexts = new WeakMap<Server, string>();
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
  const head = JSON.stringify({
    protocol,
    balance,
    cookie,
    maxConnections,
    retries,
    tls: tls && (tls.verified ? 'verified' : 'unverified'),
    serverName: tls?.serverName,
    proxyProtocol: proxyProtocol || undefined,
    timeouts: { connect: connectMs / 1_000, send: sendMs / 1_000, read: readMs / 1_000 },
  });
  // Most of the servers are the same objects as before.
  const text = addTag(`${head.slice(0, -1)},"servers":[${servers.map(formatServer).join(',')}]}`);
  upstreamTexts.set(upstream, text);
  return text;
}

/** What is read of an upstream's text: what most servers are is left out. */
export interface UpstreamEntry {
  readonly protocol: string;
  readonly servers: readonly { readonly name: string; readonly weight?: number; readonly draining?: boolean }[];
}

/** Undefined when it was written by another hand. */
export function parseUpstream(text: string): UpstreamEntry | undefined {
  try {
    const { protocol, servers } = JSON.parse(text) as Partial<UpstreamEntry>;
    return typeof protocol === 'string' && Array.isArray(servers) ? { protocol, servers } : undefined;
  } catch {
    return undefined;
  }
}

const beforeName = '{"name":"';

/**
 * Names of an upstream's servers, without taking its text apart: each begins with its name, and nowhere else in JSON can a string have this beginning
 * with bare quotation marks.
 */
export function listServerNames(text: string): readonly string[] {
  const names: string[] = [];
  let at = text.indexOf(beforeName);
  while (at !== -1) {
    const start = at + beforeName.length;
    const end = text.indexOf('"', start);
    names.push(text.slice(start, end));
    at = text.indexOf(beforeName, start);
  }
  return names;
}

function formatServer(server: Server): string {
  const known = serverTexts.get(server);
  if (known !== undefined) return known;
  const { name, address, port, weight, backup, draining } = server;
  // What most of them are is left out: with many endpoints it would be a third of everything that is sent, kept and read back.
  const text = JSON.stringify({
    name,
    address,
    port,
    weight: weight === 1 ? undefined : weight,
    backup: backup || undefined,
    draining: draining || undefined,
  });
  serverTexts.set(server, text);
  return text;
}

function formatHost(routes: HostRoutes): string {
  const known = hostTexts.get(routes);
  if (known !== undefined) return known;
  const { exact, prefix } = routes;
  const longest = Math.max(0, ...[...prefix.keys()].map((path) => path.length));
  const text = addTag(JSON.stringify({ exact: toObject(exact), prefix: toObject(prefix), longest }));
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

const tagLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * Ends an object with a property that nobody reads. LuaJIT tells strings of one length apart by their first and last four bytes and eight in between
 * (lj_str_new), and entries are all alike there: 20,000 of them took seconds, since each was compared with thousands.
 */
function addTag(text: string): string {
  // FNV-1a.
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  const mixed = (hash ^ (hash >>> 12) ^ (hash >>> 24)) & 0xfff;
  return `${text.slice(0, -1)},"tag":"${tagLetters[mixed >>> 6]}${tagLetters[mixed & 63]}"}`;
}
