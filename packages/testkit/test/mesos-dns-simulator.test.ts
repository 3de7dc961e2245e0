import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../src/wait-for.ts';

const command = fileURLToPath(new URL('../bin/mesos-dns-simulator.js', import.meta.url));

interface Started {
  readonly process: ChildProcess;
  readonly out: () => string;
  readonly talk: () => string;
  readonly ended: Promise<readonly [code: number | null, signal: string | null]>;
}

/** Without the conditions that the test runner gives to Node: what was built counts. */
function start(...flags: string[]): Started {
  const child = spawn(process.execPath, [command, ...flags], { env: { PATH: process.env.PATH } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let [out, talk] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    talk += text;
  });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  return { process: child, out: () => out, talk: () => talk, ended };
}

test('it says where it answers, obeys, and ends when it is told to', async () => {
  const simulator = start('--tasks', '2', '--instances', '3');
  await waitFor(() => simulator.out().includes('\n'), {
    timeoutMs: 30_000,
    description: () => `a line; ${simulator.talk()}`,
  });
  const { url, dnsServer, controlUrl } = JSON.parse(simulator.out()) as Record<string, string>;
  expect(dnsServer).toMatch(/^127\.0\.0\.1:\d+$/);
  const services = async (name: string): Promise<unknown[]> => {
    const response = await fetch(`${url}/v1/services/_http._${name}._tcp.marathon.mesos.`);
    return (await response.json()) as unknown[];
  };
  expect(await services('task-2')).toHaveLength(3);

  const body = JSON.stringify({ name: 'web', hostPorts: [31_900], ports: [{ number: 31_900, name: 'http' }] });
  expect((await fetch(`${controlUrl}/tasks`, { method: 'POST', body })).status).toBe(200);
  await waitFor(async () => JSON.stringify(await services('web')).includes('31900'), { timeoutMs: 20_000 });

  simulator.process.kill('SIGTERM');
  expect(await simulator.ended).toEqual([0, null]);
  await expect(fetch(`${url}/v1/version`)).rejects.toThrow();
});

test('--help tells the options, and a mistake which one it is', async () => {
  const help = start('--help');
  expect(await help.ended).toEqual([0, null]);
  expect(help.out()).toContain('--control-port <number>');
  for (const [flags, message] of [
    [['--tasks', 'x'], '--tasks must be a whole number'],
    [['--dns-port', '70000'], '--dns-port'],
    [['--taks', '1'], "'--taks'"],
  ] as const) {
    const wrong = start(...flags);
    expect(await wrong.ended).toEqual([64, null]);
    expect(wrong.talk()).toContain(message);
    expect(wrong.talk()).not.toContain('    at ');
    expect(wrong.out()).toBe('');
  }
});
