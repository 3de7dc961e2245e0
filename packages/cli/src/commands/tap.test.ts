import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { runProgram } from '../program.ts';
import { createFakeHost, type FakeHost, runCommand } from '../testing/fake-host.ts';
import { configText, createPipelineFolder, services } from '../testing/pipeline-folder.ts';
import { pluginModule } from '../testing/workspace.ts';

/** Yields what is in its file, and again when that has changed; throws while it is no JSON. */
const pollingSource = `
import { readFileSync } from 'node:fs';
${pluginModule({
  kind: 'source',
  options: 'z.strictObject({ path: z.string() })',
  create: `return {
    async *watch({ signal }) {
      let last;
      while (!signal.aborted) {
        const text = readFileSync(options.path, 'utf8');
        if (text !== last) yield JSON.parse(text);
        last = text;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
  };`,
})}`;

const config = configText
  .replace('./source.js', './polling.js')
  .replace('sinks:', 'transforms: [{ type: filter, options: { drop: { name: /mail } } }]\nsinks:');

const [cart, mail] = services as readonly { readonly id: string; readonly name: string }[];

interface Tapping {
  readonly host: FakeHost;
  readonly folder: string;
  readonly ended: Promise<number>;
  lines(): readonly Record<string, unknown>[];
  /** Replaces what the source says. */
  say(services: readonly unknown[]): void;
}

function tap(...words: string[]): Tapping {
  const folder = createPipelineFolder({ 'polling.js': pollingSource, 'signalbox.yaml': config });
  const host = createFakeHost(folder, { FOLDER: folder });
  return {
    host,
    folder,
    ended: runProgram(['tap', ...words], host),
    lines: () =>
      host
        .out()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    say: (set) => writeFileSync(join(folder, 'services.json'), JSON.stringify(set)),
  };
}

const waitForLines = (tapping: Tapping, count: number) =>
  vi.waitFor(() => expect(tapping.lines()).toHaveLength(count), { timeout: 10_000, interval: 5 });

test('tap writes the set that passes, and then what changes', async () => {
  const tapping = tap('sources.files');
  await waitForLines(tapping, 1);
  expect(tapping.lines()[0]).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    point: 'sources.files',
    kind: 'set',
    services: [cart, mail],
  });
  const changed = { ...cart, port: 10_002 };
  const added = { ...cart, id: 'files:/new#0' };
  tapping.say([changed, added]);
  await waitForLines(tapping, 2);
  expect(tapping.lines()[1]).toMatchObject({
    kind: 'change',
    added: [added],
    changed: [changed],
    removed: ['files:/mail#0'],
  });
  tapping.host.send('SIGINT');
  expect(await tapping.ended).toBe(130);
});

test('every point is there, and only what was selected passes', async () => {
  const once = async (...words: string[]) => {
    const tapping = tap('--limit', '1', ...words);
    expect(await tapping.ended).toBe(0);
    return tapping.lines()[0];
  };
  const ids = (line: unknown) => (line as { services: { id: string }[] }).services.map(({ id }) => id);
  expect(ids(await once())).toEqual(['files:/cart#0']);
  expect(ids(await once('transforms[0]'))).toEqual(['files:/cart#0']);
  expect(ids(await once('sources.files.guarded'))).toEqual(['files:/cart#0', 'files:/mail#0']);
  expect(ids(await once('sources.files', '--select', 'name=/mail or port=1'))).toEqual(['files:/mail#0']);
  expect(await once('events')).toMatchObject({ kind: 'event', event: 'pipeline-start', message: 'started' });
  expect(await once('sinks.names')).toMatchObject({
    kind: 'plan',
    changes: [{ action: 'create', services: ['files:/cart#0'] }],
    warnings: [],
  });
});

test('--full has the whole set in every line; what is not selected makes none', async () => {
  const tapping = tap('sources.files', '--full', '--select', '/cart', '--limit', '2');
  await waitForLines(tapping, 1);
  tapping.say([cart]);
  await new Promise((resolve) => setTimeout(resolve, 50));
  tapping.say([{ ...cart, port: 1 }]);
  expect(await tapping.ended).toBe(0);
  expect(tapping.lines()).toMatchObject([
    { kind: 'set', services: [cart] },
    { kind: 'set', services: [{ port: 1 }] },
  ]);
});

test('a sink plans again after every change, is never applied, and says what fails', async () => {
  const tapping = tap('sinks.names');
  await waitForLines(tapping, 1);
  tapping.say([]);
  await vi.waitFor(() => expect(tapping.lines().length).toBeGreaterThan(0));
  tapping.say([cart, { ...cart, id: 'files:/second#0', name: '/second' }]);
  await vi.waitFor(() => expect(tapping.host.out()).toContain('2 services'), { timeout: 10_000 });
  tapping.host.send('SIGTERM');
  expect(await tapping.ended).toBe(143);
  const { existsSync } = await import('node:fs');
  expect(existsSync(join(tapping.folder, 'names.txt'))).toBe(false);
  expect(existsSync(join(tapping.folder, '.signalbox'))).toBe(false);
});

test('--for ends it, also before the source has answered', async () => {
  const tapping = tap('catalog', '--for', '30ms', '--limit', '99');
  expect(await tapping.ended).toBe(0);
});

test('a slow reader gets the newest, and how much was passed over', async () => {
  const folder = createPipelineFolder({ 'polling.js': pollingSource, 'signalbox.yaml': config });
  const host = createFakeHost(folder, { FOLDER: folder });
  const written: string[] = [];
  let read: (() => void) | undefined;
  const stdout = {
    write(text: string, onWritten?: () => void) {
      written.push(text);
      read = onWritten;
    },
  };
  const ended = runProgram(['tap', 'sources.files', '--limit', '2'], { ...host, stdout });
  await vi.waitFor(() => expect(written).toHaveLength(1), { timeout: 10_000 });
  for (const port of [1, 2, 3]) {
    writeFileSync(join(folder, 'services.json'), JSON.stringify([{ ...cart, port }]));
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  expect(written).toHaveLength(1);
  read?.();
  await vi.waitFor(() => expect(written).toHaveLength(2));
  const line = JSON.parse(written[1] ?? '');
  expect(line).toMatchObject({ kind: 'change', changed: [{ port: 3 }] });
  expect(line.skipped).toBeGreaterThanOrEqual(1);
  read?.();
  expect(await ended).toBe(0);
});

test('an interrupt does not wait for a reader that has stopped', async () => {
  const folder = createPipelineFolder({ 'polling.js': pollingSource, 'signalbox.yaml': config });
  const host = createFakeHost(folder, { FOLDER: folder });
  const written: string[] = [];
  const ended = runProgram(['tap'], { ...host, stdout: { write: (text: string) => written.push(text) } });
  await vi.waitFor(() => expect(written).toHaveLength(1), { timeout: 10_000 });
  host.send('SIGTERM');
  expect(await ended).toBe(143);
  expect(host.exits).toEqual([143]);
});

test.each([
  ['tap sources.fils', 'did you mean "sources.files"?'],
  ['tap sinks.names --full', '--full is for points that services pass'],
  ['tap --limit 0', '--limit expects a number from 1 on'],
  ['tap --for soon', '--for expects a duration'],
  ['tap --select nmae=x', '--select:'],
])('%j is wrong and ends with 64', async (commandLine, message) => {
  const folder = createPipelineFolder();
  const { code, out, talk } = await runCommand(folder, commandLine, { FOLDER: folder });
  expect({ code, out }).toEqual({ code: 64, out: '' });
  expect(talk).toContain(message);
});
