import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Route, Service } from '@signalbox/core';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { checkCandidate } from '../src/candidate/check-candidate.ts';
import { createDesiredState } from '../src/desired/desired-state.ts';
import { haproxyOptions } from '../src/options.ts';
import { renderFiles } from '../src/render/config.ts';
import { toSettings } from '../src/settings.ts';
import { type Bench, createBench } from './support/bench.ts';
import { splitWords } from './support/words.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await createBench();
});
afterAll(async () => {
  await bench.close();
  await rm(bench.directory, { recursive: true, force: true });
});

/** No host name, cookie or server name by itself, so that it can stand alone only where a separator got through. */
const canary = 'canary!';

/** Text that tries to leave its place: the word behind any separator would stand on its own. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        '\n',
        '\r',
        '\t',
        '\0',
        ';',
        '"',
        "'",
        '\\',
        '#',
        '$',
        '%',
        '{',
        '}',
        '|',
        '&',
        '/',
        '..',
        '*.',
        '%[env(HOME)]',
        '$HOME',
        canary,
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

const type = fc.constantFrom('exact' as const, 'regex' as const);
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
    hostnames: fc.array(fc.oneof(text, fc.domain()), { maxLength: 2 }),
    path: fc.record({
      type: fc.constantFrom('exact' as const, 'prefix' as const, 'regex' as const),
      value: absolute,
    }),
    headers: fc.array(fc.record({ name, value, type }), { maxLength: 2 }),
    queryParams: fc.array(fc.record({ name, value, type }), { maxLength: 2 }),
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
    protocol: fc.constant('tcp' as const),
    appProtocol: fc.constantFrom('http' as const, 'h2c' as const),
    port: fc.integer({ min: -1, max: 70_000 }),
    labels: fc.dictionary(text, text, { maxKeys: 1 }),
    endpoints: fc.array(
      fc.record({
        id: text,
        address: fc.oneof(text, fc.ipV4(), fc.ipV6()),
        port: fc.integer({ min: -1, max: 70_000 }),
        health: fc.constant('unknown' as const),
        weight: fc.double({ min: -1, max: 300, noNaN: true }),
      }),
      { maxLength: 2 },
    ),
    healthCheck: fc.record({
      kind: fc.constantFrom('http' as const, 'https' as const),
      path: text.map((path) => `/${path}`),
      port: fc.integer({ min: -1, max: 70_000 }),
      intervalMs: fc.double({ min: -1, max: 1e12, noNaN: true }),
    }),
    routes: fc.array(route, { maxLength: 2 }),
    traffic: fc.record({
      sticky: fc.record({ cookie: text }),
      endpointTls: fc.record({ verify: fc.boolean(), serverName: text }),
      timeouts: fc.record({ queueMs: fc.double({ min: -1, max: 1e12, noNaN: true }) }),
      maxConnections: fc.double({ min: -1, max: 1e12, noNaN: true }),
    }),
    extensions: fc.record({ haproxy: fc.oneof(fc.record({ checkHost: text }), fc.dictionary(text, text)) }),
  },
  { requiredKeys: ['id', 'name', 'protocol', 'labels', 'endpoints'] },
) as fc.Arbitrary<Service>;

it('no text of a service becomes a word of its own, and HAProxy takes every file', async () => {
  const settings = toSettings(
    haproxyOptions.parse({
      config: join(bench.directory, 'haproxy.cfg'),
      listeners: [{ address: '127.0.0.1', port: 80, protocol: 'http' }],
    }),
  );
  const signal = new AbortController().signal;
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(service, { maxLength: 4, selector: ({ id }) => id }), async (services) => {
      const inputs = {
        lookUp: () => undefined,
        occupiedPorts: new Set<number>(),
        refused: new Map(),
        certificates: new Set<string>(),
      };
      const { desired } = createDesiredState(settings).update(bench.catalog(...services), inputs);
      for (const content of renderFiles(desired, settings).values()) {
        expect(content).not.toMatch(/[^\n -~]/);
        expect(splitWords(content)).not.toContain(canary);
      }
      for (const { message } of desired.warnings) expect(message).not.toMatch(/[\n\r\0\u2028]/);
      expect((await checkCandidate(desired, settings, signal))?.output).toBeUndefined();
    }),
    { numRuns: 60 },
  );
});
