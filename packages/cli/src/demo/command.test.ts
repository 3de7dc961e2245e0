import type { RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { createInvocation } from '../invocation.ts';
import { createFakeHost, type FakeHost, runCommand } from '../testing/fake-host.ts';
import { performDemo } from './command.ts';
import type { Act } from './script/act.ts';
import { catchesUp, noFailedRequest, noReload } from './script/promises.ts';
import type { Summary } from './summary/summary.ts';
import { onlyTask, openFakeStage } from './testing/fake-stage.ts';

const act: Act = {
  title: 'Nothing',
  story: 'nothing happens',
  promises: [noFailedRequest, noReload, catchesUp],
  async perform({ catchUp, hold }) {
    await catchUp();
    await hold();
  },
};

const answer: RequestListener = (_, response) => response.setHeader('X-Task', onlyTask).end();

interface Played {
  readonly code: number;
  readonly host: FakeHost;
}

async function play(listener: RequestListener, acts: readonly Act[], flags: { json?: boolean } = {}): Promise<Played> {
  const host = createFakeHost('/');
  const invocation = createInvocation(
    host,
    { config: '', json: flags.json === true },
    { logLevel: 'warn', logFormat: 'pretty' },
  );
  const options = { quick: true, seed: '1', haproxy: 'haproxy' };
  const production = { open: () => openFakeStage(listener), createScript: () => acts };
  return { code: await performDemo(invocation, options, production), host };
}

test('ends with 0 when every promise was kept', async () => {
  const { code, host } = await play(answer, [act]);
  expect(host.out()).toContain('All promises were kept.');
  expect(code).toBe(0);
  expect(host.talk()).toBe('');
});

test.each<[string, RequestListener]>([
  ['an error', (_, response) => response.writeHead(503).end()],
  ['a connection that breaks', (request) => request.socket.destroy()],
  ['an answer of somebody else', (_, response) => response.setHeader('X-Task', 'cart-1').end()],
])('%s breaks a promise, and ends with 1', async (_, listener) => {
  const { code, host } = await play(listener, [act]);
  expect(host.out()).toContain('Promises of 1 act were broken.');
  expect(code).toBe(1);
});

test('one failure among many answers is enough', async () => {
  let requests = 0;
  const { code } = await play(
    (request, response) => {
      requests += 1;
      if (requests === 3) response.writeHead(500).end();
      else answer(request, response);
    },
    [act],
  );
  expect(code).toBe(1);
});

test('an act that cannot be played breaks its promises, and the next one is played', async () => {
  const impossible = { ...act, perform: () => Promise.reject(new Error('choosing a task: none runs')) };
  const { code, host } = await play(answer, [impossible, act], { json: true });
  const summary = JSON.parse(host.out()) as Summary;
  expect(summary.acts.map(({ kept }) => kept)).toEqual([false, true]);
  expect(summary.acts[0]?.promises.at(-1)?.breach).toBe('not in time: choosing a task: none runs');
  expect(code).toBe(1);
});

test('with --json the summary alone is on stdout', async () => {
  const { code, host } = await play(answer, [act], { json: true });
  const summary = JSON.parse(host.out()) as Summary;
  expect(summary).toMatchObject({
    kept: true,
    seed: 1,
    proxy: 'nothing',
    requests: { failed: 0, cutOff: 0 },
    reloads: 0,
  });
  expect(summary.requests.sent).toBeGreaterThan(0);
  expect(host.talk()).toContain('1 of 1: Nothing');
  expect(code).toBe(0);
});

test('with --keep it goes on until it is interrupted, and says what to try', async () => {
  let requests = 0;
  const counting: RequestListener = (request, response) => {
    requests += 1;
    answer(request, response);
  };
  const host = createFakeHost('/');
  const invocation = createInvocation(host, { config: '' }, { logLevel: 'warn', logFormat: 'pretty' });
  const options = { quick: true, keep: true, seed: '1', haproxy: 'haproxy' };
  const production = { open: () => openFakeStage(counting), createScript: () => [act] };
  const ended = performDemo(invocation, options, production);
  await expect.poll(() => host.out(), { timeout: 10_000 }).toContain('Ctrl-C ends everything.');
  expect(host.out()).toContain("curl -X POST 'http://127.0.0.1:2/apps/shop/web/scale?instances=5'");
  const before = requests;
  await expect.poll(() => requests, { timeout: 10_000 }).toBeGreaterThan(before);
  host.send('SIGINT');
  expect(await ended).toBe(0);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const)('%s ends the script with %i', async (name, exitCode) => {
  const host = createFakeHost('/');
  const invocation = createInvocation(host, { config: '' }, { logLevel: 'warn', logFormat: 'pretty' });
  const options = { quick: true, seed: '1', haproxy: 'haproxy' };
  const endless: Act = { ...act, perform: async ({ await: until }) => until('the end of the world', () => false) };
  const ended = performDemo(invocation, options, { open: () => openFakeStage(answer), createScript: () => [endless] });
  await expect.poll(() => host.out()).toContain('1 of 1');
  host.send(name);
  await expect(ended).rejects.toMatchObject({ name: 'Interrupted', exitCode });
});

test('a missing HAProxy is told with what to install', async () => {
  const { code, out, talk } = await runCommand('/', 'demo --haproxy /nowhere/haproxy');
  expect(code).toBe(69);
  expect(talk).toContain('apt install haproxy');
  expect(out).not.toContain('1 of');
});

test('a seed that is no number is a wrong command line', async () => {
  expect(await runCommand('/', 'demo --seed many')).toMatchObject({ code: 64, out: '' });
});
