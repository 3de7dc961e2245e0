import { join } from 'node:path';
import type { Route, Service } from '@signalbox/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkCandidate } from '../src/candidate/judge.ts';
import { createDesiredState } from '../src/desired/desired-state.ts';
import { toEntries } from '../src/desired/entries.ts';
import { nginxOptions } from '../src/options.ts';
import { renderStructure } from '../src/render/config.ts';
import { renderFiles } from '../src/render/files.ts';
import { toSettings } from '../src/settings.ts';
import { createSinkState, equip } from '../src/sink-state.ts';
import { type Bench, createBench, modes } from './support/bench.ts';
import { splitWords } from './support/words.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
});
afterAll(() => bench.close());

/** No host name, cookie or server name by itself, so that it can stand alone only where a separator got through. */
const canary = 'canary!';

/** Text that tries to leave its place: the word behind any separator would stand on its own. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(...' \n\r\t\0;"\'\\#$%{}|&/~^@()[]', '..', '*.', '$host', '$'.concat('{host}'), '~*', canary),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

/** Mostly what can be granted, so that hostile values are not hidden behind hostile names. */
const name = fc.oneof({ weight: 4, arbitrary: fc.constant('x-name') }, text);
const value = fc.oneof({ weight: 3, arbitrary: text.map((part) => part.replace(/[^ -~]/g, '')) }, text);
const absolute = text.map((path) => `/${path}`);
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

const route = fc.record(
  {
    hostnames: fc.array(fc.oneof(text, fc.domain(), fc.constantFrom('default', 'hostnames', 'volatile', 'include')), {
      maxLength: 2,
    }),
    path: fc.record({ type: fc.constantFrom('exact' as const, 'prefix' as const), value: absolute }),
    headers: fc.array(fc.record({ name, value, type: fc.constant('exact' as const) }), { maxLength: 2 }),
    queryParams: fc.array(fc.record({ name, value, type: fc.constant('exact' as const) }), { maxLength: 2 }),
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

const service: fc.Arbitrary<Service> = fc.record(
  {
    id: text.map((id) => `test:${id}`),
    name: text,
    protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    appProtocol: fc.constantFrom('http' as const, 'h2c' as const),
    port: fc.integer({ min: 23_000, max: 23_400 }),
    labels: fc.dictionary(text, text, { maxKeys: 1 }),
    endpoints: fc.array(
      fc.record({
        id: text,
        address: fc.oneof(text, fc.ipV4(), fc.ipV6()),
        port: fc.integer({ min: -1, max: 70_000 }),
        health: fc.constant('unknown' as const),
        weight: fc.double({ min: -1, max: 300, noNaN: true }),
        backup: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
    routes: fc.array(route, { maxLength: 2 }),
    traffic: fc.record({
      balance: fc.constantFrom('roundrobin', 'leastconn', 'random', 'source', 'uri'),
      sticky: fc.record({ cookie: text }),
      endpointTls: fc.record({ verify: fc.boolean(), serverName: fc.oneof(text, fc.domain()) }),
      timeouts: fc.record({ queueMs: fc.double({ min: -1, max: 1e12, noNaN: true }) }),
      maxConnections: fc.double({ min: -1, max: 1e12, noNaN: true }),
      proxyProtocol: fc.constantFrom('v1', 'v2'),
    }),
    extensions: fc.record({ nginx: fc.dictionary(text, text) }),
  },
  { requiredKeys: ['id', 'name', 'protocol', 'labels', 'endpoints'] },
) as fc.Arbitrary<Service>;

it.each(modes)('mode %s: no text of a service becomes a word of its own, and nginx takes every file', async (mode) => {
  const options = { config: join(bench.directory, 'nginx.conf'), mode };
  const listeners = [{ address: '127.0.0.1', port: 22_999, protocol: 'http' as const }];
  const settings = toSettings(nginxOptions.parse({ ...options, listeners }));
  const signal = new AbortController().signal;
  const { abilities, render } = await equip(createSinkState(settings), signal);
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(service, { maxLength: 4, selector: ({ id }) => id }), async (services) => {
      const inputs = { abilities, lookUp: () => undefined, occupiedPorts: new Set<number>(), refused: new Map() };
      const { desired } = createDesiredState(settings).update(bench.catalog(...services), inputs);
      const structure = renderStructure(desired, render);
      for (const content of renderFiles(structure, toEntries(desired), render).values()) {
        expect(content).not.toMatch(/[^\n -~]/);
      }
      expect(splitWords(structure.config)).not.toContain(canary);
      for (const { message } of desired.warnings) expect(message).not.toMatch(/[\n\r\0\u2028]/);
      expect((await checkCandidate(desired, render, signal))?.output).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});

it.each(modes)('mode %s: a regular expression that would define a variable of ours is left out', async (mode) => {
  const settings = toSettings(
    nginxOptions.parse({
      config: join(bench.directory, 'nginx.conf'),
      mode,
      listeners: [{ address: '127.0.0.1', port: 22_999, protocol: 'http' }],
    }),
  );
  const { abilities, render } = await equip(createSinkState(settings), new AbortController().signal);
  const inputs = { abilities, lookUp: () => undefined, occupiedPorts: new Set<number>(), refused: new Map() };
  const routes: Route[] = [{ path: { type: 'regex', value: '/(?<signalbox_target>.*)' } }];
  const hostile = { id: 'test:/a#0', name: '/a', protocol: 'tcp' as const, endpoints: [], labels: {}, routes };
  const { desired } = createDesiredState(settings).update(bench.catalog(hostile), inputs);
  expect(desired.warnings).toEqual([
    { message: 'a route was left out: a regular expression may not name its groups', service: 'test:/a#0' },
  ]);
  expect(renderStructure(desired, render).config).not.toContain('(?<signalbox_target>');
});
