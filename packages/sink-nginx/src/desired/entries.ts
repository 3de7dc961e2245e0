import { addCertificateEntries } from './certificate-entries.ts';
import type { Desired, HostRoutes, Protocol, Server, Upstream, UpstreamPolicy } from './model.ts';

/**
 * What the Lua code looks up, as JSON by key: `h/<host>`, `u/<upstream>`, `p/<service port>`, `c/<certificate>` and `n/<host of a handshake>`. In
 * the mode without Lua nobody looks them up, and they still tell what changed.
 */
export type Entries = ReadonlyMap<string, string>;

const upstreamTexts = new WeakMap<Upstream, string>();
const policyTexts = new WeakMap<UpstreamPolicy, { readonly protocol: Protocol; readonly text: string }>();
const serverTexts = new WeakMap<Server, ServerText>();
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
  // Most of the servers are the same objects as before, and the policy is, too.
  const servers = upstream.servers.map(formatServer);
  const list = servers.map(({ text }) => text).join(',');
  let hash = hashStart;
  for (const server of servers) hash = Math.imul(hash ^ server.hash, hashPrime);
  const text = addTag(`${formatPolicy(upstream)},"servers":[${list}]`, hash);
  upstreamTexts.set(upstream, text);
  return text;
}

/** Without the end of the object. */
function formatPolicy({ policy, protocol }: Upstream): string {
  const known = policyTexts.get(policy);
  if (known?.protocol === protocol) return known.text;
  const { balance, cookie, maxConnections, retries, connectMs, sendMs, readMs, tls, proxyProtocol } = policy;
  const object = JSON.stringify({
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
  const text = object.slice(0, -1);
  policyTexts.set(policy, { protocol, text });
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

const nameStart = '{"name":"';

/**
 * How many servers an upstream's text has, and how many of them are among `servers`. Without taking it apart: each begins with its name, and within a
 * string of JSON no quotation mark is bare.
 */
export function countServers(
  text: string,
  servers: readonly Server[],
): { readonly all: number; readonly kept: number } {
  let all = 0;
  for (let at = text.indexOf(nameStart); at !== -1; at = text.indexOf(nameStart, at + 1)) all += 1;
  let kept = 0;
  for (const { name } of servers) if (text.includes(`${nameStart}${name}"`)) kept += 1;
  return { all, kept };
}

interface ServerText {
  readonly text: string;
  readonly hash: number;
}

function formatServer(server: Server): ServerText {
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
  const formatted = { text, hash: hashText(text) };
  serverTexts.set(server, formatted);
  return formatted;
}

function formatHost(routes: HostRoutes): string {
  const known = hostTexts.get(routes);
  if (known !== undefined) return known;
  const { exact, prefix } = routes;
  const longest = Math.max(0, ...[...prefix.keys()].map((path) => path.length));
  const object = JSON.stringify({ exact: toObject(exact), prefix: toObject(prefix), longest });
  const text = addTag(object.slice(0, -1), hashText(object));
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
 * Ends an object with a property that nobody reads, made of a hash of what tells it from others. LuaJIT tells strings of one length apart by their
 * first and last four bytes and eight in between (lj_str_new), and entries are all alike there: 20,000 of them took seconds, since each was compared
 * with thousands.
 */
function addTag(text: string, hash: number): string {
  const mixed = (hash ^ (hash >>> 12) ^ (hash >>> 24)) & 0xfff;
  return `${text},"tag":"${tagLetters[mixed >>> 6]}${tagLetters[mixed & 63]}"}`;
}

const [hashStart, hashPrime] = [0x811c9dc5, 0x01000193];

/** FNV-1a, with 32 bits. */
function hashText(text: string): number {
  let hash = hashStart;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), hashPrime);
  return hash;
}
