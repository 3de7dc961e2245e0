import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { waitFor } from '@signalbox/testkit';
import { request } from 'undici';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CliProcess, runCli, startCli } from './support/cli.ts';
import { createWorkspace, type Workspace } from './support/workspace.ts';

let workspace: Workspace;
let cli: CliProcess | undefined;

beforeEach(async () => {
  workspace = await createWorkspace();
});
afterEach(async () => {
  await cli?.[Symbol.asyncDispose]();
  cli = undefined;
  await workspace[Symbol.asyncDispose]();
});

interface Summary {
  readonly kept: boolean;
  readonly requests: {
    readonly sent: number;
    readonly answered: number;
    readonly cutOff: number;
    readonly failed: number;
  };
  readonly reloads: number;
  readonly eventToFirstAnswer: { readonly tasks: number; readonly worstMs: number };
  readonly acts: readonly {
    readonly title: string;
    readonly reloads: number;
    readonly runtimeApplies: number;
    readonly promises: readonly { readonly text: string; readonly breach?: string }[];
  }[];
}

test('the demo keeps its promises, goes on for play, and leaves nothing behind', async () => {
  cli = await startCli(['demo', '--quick', '--keep', '--json'], workspace.path);
  await cli.waitForOutput('Ctrl-C ends everything.', 150_000);
  const { output } = cli;
  const [, shop = ''] = /curl -H 'Host: shop\.example\.com' (http:\S+)/.exec(output) ?? [];
  const [, control = ''] = /curl -X POST (http:\S+)\/leader\/change/.exec(output) ?? [];
  const answer = await request(shop, { headers: { host: 'shop.example.com' } });
  expect(await answer.body.json()).toMatchObject({ app: '/shop/web' });
  const scaled = await request(`${control}/apps/shop/ledger/scale?instances=1`, { method: 'POST' });
  expect(scaled.statusCode).toBe(200);
  await scaled.body.dump();
  await cli.waitForOutput(/runtime\s+\/shop\/ledger: .*drained/);

  cli.kill('SIGINT');
  const { code, stdout } = await cli.ended;
  const summary = JSON.parse(stdout) as Summary;
  const breaches = summary.acts.flatMap(({ title, promises }) =>
    promises.flatMap(({ text, breach }) => (breach === undefined ? [] : [`${title}: ${text}: ${breach}`])),
  );
  expect(breaches).toEqual([]);
  expect(summary.kept).toBe(true);
  expect(code).toBe(0);

  const { requests } = summary;
  expect(requests.failed).toBe(0);
  expect(requests.answered).toBeGreaterThan(500);
  expect(requests.sent).toBe(requests.answered + requests.cutOff);
  expect(summary.eventToFirstAnswer.tasks).toBeGreaterThanOrEqual(12);
  expect(summary.acts.filter(({ reloads }) => reloads > 0).map(({ title }) => title)).toEqual(['New port']);
  expect(summary.acts.filter(({ runtimeApplies }) => runtimeApplies > 0).length).toBeGreaterThanOrEqual(6);
  await expect(request(shop)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  await expect(request(control)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('an interrupt ends the demo in the middle', async () => {
  cli = await startCli(['demo', '--quick'], workspace.path);
  await cli.waitForOutput('1 of 10', 90_000);
  cli.kill('SIGINT');
  expect(await cli.ended).toMatchObject({ code: 130, stderr: '' });
});

test('a reader that leaves ends everything', async () => {
  const binary = fileURLToPath(new URL('../packages/cli/dist/signalbox.js', import.meta.url));
  const child = spawn(process.execPath, [binary, 'demo', '--quick'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, TMPDIR: workspace.path },
  });
  try {
    const ended = once(child, 'exit');
    const find = async (name: string): Promise<string | undefined> =>
      (await readdir(workspace.path)).find((entry) => entry.startsWith(name));
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    await waitFor(() => output.includes('1 of 10'), { timeoutMs: 90_000, description: 'the first act' });
    const folder = join(workspace.path, (await find('signalbox-demo-')) ?? '');
    const pid = Number(await readFile(join(folder, 'run/haproxy.pid'), 'utf8'));
    expect(isAlive(pid)).toBe(true);
    child.stdout.destroy();
    await ended;
    await waitFor(() => !isAlive(pid), { timeoutMs: 20_000, description: `HAProxy ${pid} to end` });
    expect(await find('signalbox-demo-')).toBeUndefined();
  } finally {
    child.kill('SIGKILL');
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('without HAProxy it says what to install', async () => {
  const { code, stderr } = await runCli(['demo', '--haproxy', '/nowhere/haproxy'], workspace.path);
  expect(stderr).toContain('apt install haproxy');
  expect(code).toBe(69);
});
