import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { service, waitFor } from '@signalbox/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { drain } from '../drain.ts';
import { run } from '../testing/run.ts';
import { watchChanges } from '../testing/watch-changes.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-drain-'));
  file = join(folder, 'drains.yaml');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const web = service('/web', { endpoints: 2 });
const entry = (id: string, until = '2999-01-01T00:00:00Z'): string =>
  `  - { match: { endpoint: { id: "${id}" } }, until: ${until}, reason: disk }\n`;
const [first = '', second = ''] = web.endpoints.map(({ id }) => id);
const replace = (text: string): void => {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
};
const limit = { timeoutMs: 10_000 };

test('a change of the file counts as soon as it stands still', async () => {
  const transform = drain({ file });
  const drained = (): string[] =>
    run(transform, [web]).flatMap(({ endpoints }) => endpoints.filter((one) => one.draining).map(({ id }) => id));
  expect(drained()).toEqual([]);
  await using changes = watchChanges(transform);
  replace(`drains:\n${entry(first)}`);
  await waitFor(() => drained().length === 1, limit);
  expect(drained()).toEqual([first]);
  expect(changes.count).toBeGreaterThan(0);

  // Written in place, in two steps: half of it is a whole file of its own.
  writeFileSync(file, 'drains:\n');
  writeFileSync(file, `drains:\n${entry(second)}`);
  await waitFor(() => drained()[0] === second, limit);

  rmSync(file);
  await waitFor(() => drained().length === 0, limit);
});

test('a file that became unreadable leaves in force what it said', async () => {
  replace(`drains:\n${entry(first)}`);
  const transform = drain({ file });
  const drains = (): boolean => run(transform, [web])[0] !== web;
  expect(drains()).toBe(true);
  await using _ = watchChanges(transform);
  replace('drains: [');
  await waitFor(() => transform.warnings?.()[0]?.message.includes('is no YAML'), limit);
  expect(drains()).toBe(true);
  replace('drains: []');
  await waitFor(() => !drains(), limit);
  expect(transform.warnings?.()).toEqual([]);
});

test('a file that was broken at the start counts once it is repaired', async () => {
  replace('drains: [');
  const transform = drain({ file });
  expect(() => run(transform, [web])).toThrow(/is no YAML/);
  await using changes = watchChanges(transform);
  replace(`drains:\n${entry(first)}`);
  await waitFor(() => changes.count > 0, limit);
  expect(run(transform, [web])[0]).not.toBe(web);
});

test('an end that comes is seen without anything else', async () => {
  replace(`drains:\n${entry(first, new Date(Date.now() + 1_500).toISOString())}`);
  const transform = drain({ file });
  expect(run(transform, [web])[0]).not.toBe(web);
  await using changes = watchChanges(transform);
  await waitFor(() => changes.count > 0, limit);
  expect(run(transform, [web])[0]).toBe(web);
});

test('a named pipe keeps nobody waiting', () => {
  execFileSync('mkfifo', [file]);
  expect(() => run(drain({ file }), [web])).toThrow(/cannot be read/);
});
