import type { Route, Service } from '@signalbox/core';
import fc from 'fast-check';
import { canary } from './canary.ts';

/** What separates, quotes, comments, expands or begins a block in the syntax of some proxy. */
const separators = [
  ...' \n\r\t\0;"\'\\#$%{}|&/~^@()[]',
  '..',
  '*.',
  '~*',
  '$HOME',
  '$host',
  '$'.concat('{host}'),
  '%[env(HOME)]',
];

/** Text that tries to leave its place: the word behind any separator would stand on its own. The word alone is a value like others. */
const text = fc
  .array(fc.oneof(fc.constantFrom(...separators, canary), fc.string({ unit: 'binary', maxLength: 4 })), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
  .filter((joined) => printable(joined).trim() !== canary);

/** Mostly what can be granted, so that hostile values are not hidden behind hostile names. */
const name = fc.oneof({ weight: 4, arbitrary: fc.constant('x-name') }, text);
const value = fc.oneof({ weight: 3, arbitrary: text.map(printable) }, text);
const absolute = text.map((path) => `/${path}`);
const amount = fc.double({ min: -1, max: 1e12, noNaN: true });
const anyPort = fc.integer({ min: -1, max: 70_000 });
/** The last ones are no names to some proxy where a name is expected. */
const hostname = fc.oneof(text, fc.domain(), fc.constantFrom('default', 'hostnames', 'volatile', 'include'));

const edits = fc.record(
  {
    set: fc.dictionary(name, value, { maxKeys: 1 }),
    add: fc.dictionary(name, value, { maxKeys: 1 }),
    remove: fc.array(name, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const user = fc
  .tuple(
    fc.oneof(fc.constant('name'), text),
    fc.oneof({ weight: 3, arbitrary: fc.constant(`$5$salt$${'x'.repeat(43)}`) }, text),
  )
  .map((parts) => parts.join(':'));

export interface HostileServiceOptions {
  /** The service ports. Where the proxy's own check binds them, a range that nobody else uses. Default: any, and some that are none. */
  readonly ports?: { readonly min: number; readonly max: number };
  /** Kinds of paths and values in routes. Default: all. Without `regex` where the proxy's own check compiles more than Node does. */
  readonly matches?: readonly ('exact' | 'prefix' | 'regex')[];
  readonly protocols?: readonly Service['protocol'][];
  /** What only this sink understands, by its type, e.g. `{ haproxy: { checkHost: hostileText } }`. */
  readonly extensions?: fc.Arbitrary<Service['extensions']>;
}

export const hostileText: fc.Arbitrary<string> = text;

/** Services of which everything that a person upstream can write is hostile. */
export function hostileService(options: HostileServiceOptions = {}): fc.Arbitrary<Service> {
  const { matches = ['exact', 'prefix', 'regex'], protocols = ['tcp'], ports, extensions = fc.constant({}) } = options;
  return fc.record(
    {
      id: text.map((id) => `test:${id}`),
      name: text,
      protocol: fc.constantFrom(...protocols),
      appProtocol: fc.constantFrom('http' as const, 'h2c' as const),
      port: ports === undefined ? anyPort : fc.integer(ports),
      portTls: fc.record({ certificate: text }, { requiredKeys: [] }),
      labels: fc.dictionary(text, text, { maxKeys: 1 }),
      endpoints: fc.array(
        fc.record({
          id: text,
          address: fc.oneof(text, fc.ipV4(), fc.ipV6()),
          port: anyPort,
          health: fc.constant('unknown' as const),
          weight: fc.double({ min: -1, max: 300, noNaN: true }),
          backup: fc.boolean(),
        }),
        { maxLength: 2 },
      ),
      healthCheck: fc.record({
        kind: fc.constantFrom('http' as const, 'https' as const),
        path: absolute,
        port: anyPort,
        intervalMs: amount,
      }),
      routes: fc.array(hostileRoute(matches), { maxLength: 2 }),
      traffic: fc.record({
        balance: fc.constantFrom('roundrobin', 'leastconn', 'random', 'source', 'uri'),
        sticky: fc.record({ cookie: text }),
        endpointTls: fc.record({ verify: fc.boolean(), serverName: fc.oneof(text, fc.domain()) }),
        timeouts: fc.record({ queueMs: amount }),
        maxConnections: amount,
        proxyProtocol: fc.constantFrom('v1', 'v2'),
      }),
      extensions,
    },
    { requiredKeys: ['id', 'name', 'protocol', 'labels', 'endpoints'] },
  ) as fc.Arbitrary<Service>;
}

function hostileRoute(matches: readonly ('exact' | 'prefix' | 'regex')[]): fc.Arbitrary<Route> {
  const valueMatch = fc.record({ name, value, type: fc.constantFrom(...matches.filter((type) => type !== 'prefix')) });
  return fc.record(
    {
      hostnames: fc.array(hostname, { maxLength: 2 }),
      path: fc.record({ type: fc.constantFrom(...matches), value: absolute }),
      headers: fc.array(valueMatch, { maxLength: 2 }),
      queryParams: fc.array(valueMatch, { maxLength: 2 }),
      methods: fc.array(fc.oneof(fc.constant('GET'), text), { maxLength: 2 }),
      redirect: fc.record({ hostname: fc.oneof(text, fc.domain()), path: absolute }, { requiredKeys: [] }),
      rewrite: fc.record(
        { hostname: fc.oneof(text, fc.domain()), path: absolute, pathPrefix: absolute },
        { requiredKeys: [] },
      ),
      requestHeaders: edits,
      responseHeaders: edits,
      auth: fc.record({ realm: value, users: fc.array(user, { minLength: 1, maxLength: 2 }) }),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Route>;
}

function printable(value: string): string {
  return value.replace(/[^ -~]/g, '');
}
