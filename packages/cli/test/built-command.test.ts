import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { configText, createPipelineFolder } from '../src/testing/pipeline-folder.ts';

const command = fileURLToPath(new URL('../dist/signalbox.js', import.meta.url));

test('the command is built before these tests run', () => {
  expect(existsSync(command), 'build the package first: npm run build').toBe(true);
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly talk: string;
}

/** Without the conditions that the test runner gives to Node: what is installed counts, not the sources. */
function environmentOf(folder: string): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, FOLDER: folder };
}

function runToEnd(folder: string, ...flags: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [command, ...flags],
      { cwd: folder, env: environmentOf(folder), timeout: 30_000 },
      (error, out, talk) =>
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, out, talk }),
    );
  });
}

function start(
  folder: string,
  ...flags: string[]
): { process: ChildProcess; talk: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [command, ...flags], {
    cwd: folder,
    env: environmentOf(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let talk = '';
  child.stderr.on('data', (chunk: Buffer) => {
    talk += chunk.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { process: child, talk: () => talk, ended };
}

test('--version needs nothing but the package', async () => {
  const { version } = JSON.parse(readFileSync(join(dirname(command), '../package.json'), 'utf8'));
  expect(await runToEnd('/', '--version')).toEqual({ code: 0, out: `${version}\n`, talk: '' });
});

test('data that cannot be written is no success', () => {
  // A device that is always full (full(4)).
  const full = openSync('/dev/full', 'w');
  onTestFinished(() => closeSync(full));
  const { status, stderr } = spawnSync(process.execPath, [command, 'list'], {
    stdio: ['ignore', full, 'pipe'],
    env: environmentOf('/'),
    encoding: 'utf8',
  });
  expect(stderr).toContain('error: writing to stdout: ENOSPC');
  expect(status).toBe(1);
});

test('drain add, list and remove edit the file that the configuration names', async () => {
  const folder = createPipelineFolder();
  const file = join(folder, 'drains.yaml');
  writeFileSync(file, '# by hand\n');
  const transform = `transforms: [{ type: drain, options: { file: ${file} } }]\n`;
  writeFileSync(join(folder, 'signalbox.yaml'), `${configText}${transform}`);
  const added = await runToEnd(folder, 'drain', 'add', 'name=/cart', '--for', '2h', '--reason', 'a new disk');
  expect(added).toMatchObject({ code: 0, talk: '' });
  expect(added.out).toContain('matches 2 endpoints of 1 service now:');
  expect(readFileSync(file, 'utf8')).toMatch(/^# by hand\n\n?drains:\n {2}- match: \{ name: \/cart \}\n/);
  expect((await runToEnd(folder, 'drain')).out).toMatch(/^1 .* \/cart +a new disk$/m);
  expect((await runToEnd(folder, 'drain', 'remove', '1')).out).toContain('removed /cart');
  expect(readFileSync(file, 'utf8')).toContain('drains: []');
});

test('plan, apply and plan again end with 2, 0 and 0', async () => {
  const folder = createPipelineFolder();
  expect((await runToEnd(folder, 'plan')).code).toBe(2);
  expect((await runToEnd(folder, 'apply')).code).toBe(0);
  expect(await runToEnd(folder, 'plan')).toEqual({ code: 0, out: 'names: in step, nothing to change\n', talk: '' });
});

test('a bad configuration ends with 78, a wrong command line with 64', async () => {
  const folder = createPipelineFolder({ 'signalbox.yaml': configText.replace('version: 1', 'version: one') });
  expect(await runToEnd(folder, 'check')).toMatchObject({
    code: 78,
    out: '',
    talk: expect.stringContaining('signalbox.yaml:1:10'),
  });
  expect(await runToEnd(folder, 'chekc')).toMatchObject({ code: 64, out: '' });
});

test('run logs JSON into a pipe, reloads on SIGHUP and ends on SIGTERM with 143', async () => {
  const folder = createPipelineFolder();
  const running = start(folder, 'run');
  await vi.waitFor(() => expect(running.talk()).toContain('"event":"sink-apply"'), { timeout: 20_000 });
  writeFileSync(join(folder, 'signalbox.yaml'), configText.replace('names.txt', 'other.txt'));
  running.process.kill('SIGHUP');
  await vi.waitFor(() => expect(existsSync(join(folder, 'other.txt'))).toBe(true), { timeout: 20_000 });
  running.process.kill('SIGTERM');
  expect(await running.ended).toBe(143);
  for (const line of running.talk().trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('message');
});

test('a reader that goes away is no error', async () => {
  const folder = createPipelineFolder();
  const running = start(folder, 'schema');
  running.process.stdout?.destroy();
  await running.ended;
  expect(running.talk()).not.toContain('EPIPE');
});

test('a log that nobody reads any more does not end the run', async () => {
  const folder = createPipelineFolder();
  const running = start(folder, 'run', '--log-level', 'debug');
  await vi.waitFor(() => expect(existsSync(join(folder, 'names.txt'))).toBe(true), { timeout: 20_000 });
  running.process.stderr?.destroy();
  writeFileSync(join(folder, 'signalbox.yaml'), configText.replace('names.txt', 'other.txt'));
  running.process.kill('SIGHUP');
  await vi.waitFor(() => expect(existsSync(join(folder, 'other.txt'))).toBe(true), { timeout: 20_000 });
  running.process.kill('SIGTERM');
  expect(await running.ended).toBe(143);
});
