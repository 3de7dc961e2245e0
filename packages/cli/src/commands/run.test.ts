import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { runProgram } from '../program.ts';
import { createFakeHost, type FakeHost } from '../testing/fake-host.ts';
import { configText, createPipelineFolder } from '../testing/pipeline-folder.ts';
import { fileSink, fileSource, pluginModule } from '../testing/workspace.ts';

interface Running {
  readonly host: FakeHost;
  readonly ended: Promise<number>;
}

function startRun(folder: string, flags: readonly string[] = []): Running {
  const host = createFakeHost(folder, { FOLDER: folder });
  const ended = runProgram(['run', '--log-format', 'pretty', ...flags], host);
  onTestFinished(async () => {
    host.send('SIGTERM');
    await ended;
  });
  return { host, ended };
}

/** Loading the first plugin takes long on a busy machine. */
function eventually(check: () => void): Promise<void> {
  return vi.waitFor(check, { timeout: 10_000 });
}

function readNames(folder: string, file = 'names.txt'): string | undefined {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('runs until %s and ends with %d', async (signal, code) => {
  const folder = createPipelineFolder();
  const { host, ended } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('sink names applied 1 change'));
  expect(readNames(folder)).toBe('/cart\n/mail\n');
  host.send(signal);
  expect(await ended).toBe(code);
  expect(host.out()).toBe('');
  expect(host.talk()).toContain('source files has 2 services with 3 endpoints');
  expect(host.talk()).toContain('stopped; nothing that was applied is taken back');
  expect(readNames(folder)).toBe('/cart\n/mail\n');
});

test('a second signal ends the process at once', async () => {
  const folder = createPipelineFolder();
  const { host, ended } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('applied'));
  host.send('SIGINT');
  host.send('SIGTERM');
  expect(host.exits).toEqual([143]);
  await ended;
});

test('SIGHUP puts a new configuration in the place of the old one', async () => {
  const folder = createPipelineFolder();
  const { host } = startRun(folder);
  await eventually(() => expect(readNames(folder)).toBe('/cart\n/mail\n'));
  writeFileSync(join(folder, 'signalbox.yaml'), configText.replace('names.txt', 'other.txt'));
  host.send('SIGHUP');
  await eventually(() => expect(readNames(folder, 'other.txt')).toBe('/cart\n/mail\n'));
  expect(readNames(folder)).toBe('/cart\n/mail\n');
  expect(host.talk()).toContain('the configuration changed; starting over with the new one');
});

test('the last good state is carried over a reload, so that a source that fails then removes nothing', async () => {
  const folder = createPipelineFolder();
  const { host } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('applied'));
  rmSync(join(folder, 'services.json'));
  writeFileSync(join(folder, 'signalbox.yaml'), configText.replace('names.txt', 'other.txt'));
  host.send('SIGHUP');
  await eventually(() => expect(readNames(folder, 'other.txt')).toBe('/cart\n/mail\n'));
  expect(host.talk()).toContain('source files does not answer; using 2 services that it gave');
});

test('SIGHUP with a bad file reports every problem and goes on with the old configuration', async () => {
  const folder = createPipelineFolder();
  const { host, ended } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('applied'));
  writeFileSync(
    join(folder, 'signalbox.yaml'),
    configText.replace('interval', 'intervall').replace('min: 1ms', 'min: 1'),
  );
  host.send('SIGHUP');
  await eventually(() => expect(host.talk()).toContain('going on with the old one'));
  expect(host.talk()).toContain('2 problems in signalbox.yaml');
  expect(host.talk()).not.toContain('stopped');

  writeFileSync(join(folder, 'signalbox.yaml'), `${configText}# the same again\n`);
  host.send('SIGHUP');
  await eventually(() => expect(host.talk()).toContain('the configuration is unchanged'));
  expect(host.talk()).not.toContain('stopped');
  host.send('SIGTERM');
  expect(await ended).toBe(143);
});

test('SIGHUP takes a plugin that was edited beside an unchanged file', async () => {
  const folder = createPipelineFolder();
  const { host } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('applied'));
  appendFileSync(join(folder, 'source.js'), '// edited\n');
  host.send('SIGHUP');
  await eventually(() => expect(host.talk()).toContain('the configuration changed; starting over with the new one'));
});

test('a valid file whose new source fails for good is given up, and the old one goes on', async () => {
  const folder = createPipelineFolder();
  const { host } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('applied'));
  const useless = configText.replace('files:', 'others:').replace('services.json"', 'x", fail: SOURCE_UNAUTHORIZED');
  writeFileSync(join(folder, 'signalbox.yaml'), useless);
  host.send('SIGHUP');
  await eventually(() => expect(host.talk()).toContain('going back to the one before'));
  await eventually(() => expect(host.talk().match(/source files has 2 services/g)).toHaveLength(2));
  expect(readNames(folder)).toBe('/cart\n/mail\n');
});

test('a source that never answered and fails for good ends the run with 69, message and hint', async () => {
  const folder = createPipelineFolder({
    'signalbox.yaml': configText.replace('services.json"', 'x", fail: SOURCE_UNAUTHORIZED'),
  });
  const { host, ended } = startRun(folder);
  expect(await ended).toBe(69);
  expect(host.talk()).toContain(
    'error: source files: connecting to the upstream (SOURCE_UNAUTHORIZED)\n  hint: start it\n',
  );
});

test('a bad configuration at the start ends with 78', async () => {
  const folder = createPipelineFolder({ 'signalbox.yaml': 'version: 2\n' });
  const { host, ended } = startRun(folder);
  expect(await ended).toBe(78);
  expect(host.talk()).toContain('3 problems in signalbox.yaml');
});

test('logs are JSON where nobody reads along', async () => {
  const folder = createPipelineFolder();
  const host = createFakeHost(folder, { FOLDER: folder });
  const ended = runProgram(['run'], host);
  await eventually(() => expect(host.talk()).toContain('sink-apply'));
  host.send('SIGTERM');
  await ended;
  const records = recordsOf(host);
  expect(records).toContainEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    event: 'source-sync',
    source: 'files',
    services: 2,
    endpoints: 3,
    message: 'source files has 2 services with 3 endpoints',
  });
});

test('what a sink leaves out is told once, however often it is planned', async () => {
  const warn = fileSink.replace(
    'warnings: [],',
    "warnings: catalog.services.size > 1 ? [{ service: 'files:/mail#0', message: 'left out' }] : [],",
  );
  const folder = createPipelineFolder({
    'sink.js': warn,
    'signalbox.yaml': `${configText}resync: 5ms\n`,
  });
  const { host, ended } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('sink names: files:/mail#0: left out'));
  await eventually(() => expect(host.talk()).toContain('applied'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  host.send('SIGTERM');
  await ended;
  expect(host.talk().match(/warn {2}sink names: files:\/mail#0: left out/g)).toHaveLength(1);
});

function recordsOf(host: FakeHost): Record<string, unknown>[] {
  return host
    .talk()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('as JSON, what a plugin logs and the error at the end say what kind of record they are', async () => {
  const folder = createPipelineFolder({
    'source.js': fileSource.replace(
      'async *watch({ signal }) {',
      "async *watch({ signal, logger }) { logger.warn({ port: 1 }, 'from the plugin');",
    ),
    'signalbox.yaml': configText.replace('services.json"', 'x", fail: SOURCE_UNAUTHORIZED'),
  });
  const { host, ended } = startRun(folder, ['--log-format', 'json']);
  expect(await ended).toBe(69);
  const records = recordsOf(host);
  expect(records).toContainEqual(
    expect.objectContaining({ event: 'plugin-log', source: 'files', port: 1, message: 'from the plugin' }),
  );
  expect(records.at(-1)).toMatchObject({ level: 'error', event: 'error', code: 'SOURCE_UNAUTHORIZED' });
  for (const record of records) expect(record).toHaveProperty('event');
});

test('a transform that throws is named by its place in the file', async () => {
  const broken = pluginModule({
    kind: 'transform',
    create: "return { transform() { throw new Error('no such team'); } };",
  });
  const folder = createPipelineFolder({
    'broken.js': broken,
    'signalbox.yaml': `${configText}    transforms: [{ type: ./broken.js }]\n`,
  });
  const { host } = startRun(folder);
  await eventually(() => expect(host.talk()).toContain('transform sinks.names.transforms[0]: no such team'));
});
