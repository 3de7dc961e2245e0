import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '@signalbox/core';
import { endpoint, service } from '@signalbox/testkit';
import { describeTransformContract } from '@signalbox/testkit/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import type { DrainEntry } from './drain/drain-options.ts';
import { drain } from './drain.ts';
import { messageOf } from './testing/message-of.ts';
import { run } from './testing/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'signalbox-drain-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const later = '2999-01-01T00:00:00Z';
const onAgent = (agent: string) => ({ endpoint: { metadata: { agent } } });
const web = service('/web', {
  endpoints: [
    endpoint({ id: 'a', port: 1, metadata: { agent: 'rack-1' } }),
    endpoint({ id: 'b', port: 2, metadata: { agent: 'rack-2' } }),
  ],
});
const other = service('/other', { endpoints: 2 });

let files = 0;
function writeDrains(...entries: (Partial<DrainEntry> | string)[]): string {
  files += 1;
  const file = join(folder, `${files}.yaml`);
  const drains = entries.map((entry) =>
    typeof entry === 'string' ? entry : { until: later, reason: 'a new disk', ...entry },
  );
  writeFileSync(file, JSON.stringify({ drains }));
  return file;
}

describeTransformContract('drain', {
  plugin: drain,
  packageType: 'drain',
  load: () => import('./drain.ts'),
  options: { file: writeDrains({ match: onAgent('rack-1') }) },
  services: [web, other],
});

const drained = (services: readonly Service[]) =>
  services.flatMap(({ endpoints }) => endpoints.filter((each) => each.draining).map(({ id }) => id));

describe('an entry', () => {
  test('drains the endpoints that it matches, and says until when and why', () => {
    const [result, rest] = run(drain({ file: writeDrains({ match: onAgent('rack-1') }) }), [web, other]);
    expect(result?.endpoints).toEqual([
      {
        ...web.endpoints[0],
        draining: true,
        metadata: { agent: 'rack-1', drain: 'until 2999-01-01T00:00:00Z: a new disk' },
      },
      web.endpoints[1],
    ]);
    expect(rest).toBe(other);
  });

  test('that would leave nobody waits, for this service alone', () => {
    const both = { any: [onAgent('rack-*'), { endpoint: { port: 8001 } }] };
    const transform = drain({ file: writeDrains({ match: both }) });
    expect(drained(run(transform, [web, other]))).toEqual(['127.0.0.1:8001']);
    expect(transform.warnings?.().map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /would leave nobody to serve "test:\/web#0", and waits until somebody else can; force: true/,
      ),
    ]);
    expect(transform.explain?.(web.id)).toEqual([expect.stringMatching(/^does not drain .*nobody else could serve/)]);
  });

  test('counts neither those that are ill nor those that take no traffic as somebody', () => {
    const endpoints = [
      endpoint({ id: 'a', port: 1 }),
      endpoint({ id: 'b', port: 2, health: 'unhealthy' }),
      endpoint({ id: 'c', port: 3, weight: 0 }),
      endpoint({ id: 'd', port: 4, draining: true }),
    ];
    const transform = drain({ file: writeDrains({ match: { endpoint: { id: 'a' } } }) });
    expect(drained(run(transform, [service('/x', { endpoints })]))).toEqual(['d']);
  });

  test('that is forced drains the last one', () => {
    expect(drained(run(drain({ file: writeDrains({ match: '/web', force: true }) }), [web]))).toEqual(['a', 'b']);
  });

  test('comes after those before it', () => {
    const file = writeDrains({ match: onAgent('rack-1') }, { match: onAgent('rack-2') });
    const transform = drain({ file });
    expect(drained(run(transform, [web]))).toEqual(['a']);
    expect(transform.warnings?.()).toHaveLength(1);
    expect(transform.explain?.(web.id)).toEqual([
      'drains 1 of 2 endpoints until 2999-01-01T00:00:00Z, because "a new disk" (endpoint.metadata.agent=rack-1)',
      expect.stringMatching(/^does not drain endpoint\.metadata\.agent=rack-2: nobody else could serve/),
    ]);
  });

  test('that has ended has no effect, and is told', () => {
    const file = writeDrains({ match: '/web', force: true, until: '2020-01-01T00:00:00+01:00' });
    const transform = drain({ file });
    expect(run(transform, [web])[0]).toBe(web);
    expect(transform.warnings?.()).toEqual([
      { message: `the drain of /web ended at 2020-01-01T00:00:00+01:00; take it out of ${file}` },
    ]);
  });

  test('that matches nothing is told', () => {
    const transform = drain({ file: writeDrains({ match: '/wbe' }) });
    run(transform, [web]);
    expect(transform.warnings?.()).toEqual([{ message: 'the drain of /wbe matches no endpoint that takes traffic' }]);
  });

  test.each<[entry: Partial<DrainEntry> | string, problem: RegExp]>([
    ['/web', /drain 1 of .* is ignored: .*object/],
    [{ match: {} }, /match: an empty selector/],
    [{ match: '/web', until: 'tomorrow' }, /until: expected a time with its offset/],
    [{ match: '/web', until: '2999-01-01T00:00:00' }, /until: expected a time with its offset/],
    [{ match: '/web', reason: '' }, /reason: expected one line/],
    [{ match: '/web', reason: 'a\nb' }, /reason: expected one line/],
    [{ match: '/web', unitl: later } as object, /"unitl"/],
  ])('that is wrong is left out, and told: %j', (entry, problem) => {
    const transform = drain({ file: writeDrains(entry, { match: onAgent('rack-2') }) });
    expect(drained(run(transform, [web]))).toEqual(['b']);
    expect(transform.warnings?.()[0]?.message).toMatch(problem);
  });
});

describe('the file', () => {
  const withText = (text: string): string => {
    const file = writeDrains();
    writeFileSync(file, text);
    return file;
  };

  test('may be missing, or empty', () => {
    expect(run(drain({ file: join(folder, 'missing.yaml') }), [web])[0]).toBe(web);
    expect(run(drain({ file: withText('# none yet\n') }), [web])[0]).toBe(web);
    expect(run(drain({ file: withText('drains:\n') }), [web])[0]).toBe(web);
  });

  test('has times as people write them', () => {
    const text = `drains:\n  - { match: /web, until: ${later}, reason: disk, force: true }\n`;
    expect(drained(run(drain({ file: withText(text) }), [web]))).toEqual(['a', 'b']);
  });

  test.each([
    ['no YAML', 'drains: [', /is no YAML: .*line 1/],
    ['a list', '- x', /is no file of drains: /],
    ['another key', 'drain: []', /is no file of drains: .*"drain"/],
    [
      'an alias bomb',
      `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(10)}*a]\ndrains: [${'*b,'.repeat(30)}*b]`,
      /is no/,
    ],
    ['too much', `#${'x'.repeat(1_100_000)}`, /larger than/],
  ])('that is %s is refused as long as nothing better is known', (_, text, message) => {
    expect(messageOf(() => run(drain({ file: withText(text) }), [web]))).toMatch(message);
  });

  test('that is a folder is refused', () => {
    expect(messageOf(() => run(drain({ file: folder }), [web]))).toMatch(/cannot be read: EISDIR/);
  });
});
