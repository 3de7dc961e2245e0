import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { freePortRange } from '../src/index.ts';

const command = fileURLToPath(new URL('../bin/marathon-simulator.js', import.meta.url));

/** Without the conditions that the test runner gives to Node: what was built counts. */
function run(...flags: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...flags], {
    env: { PATH: process.env.PATH },
    encoding: 'utf8',
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

test.each([
  [['--masters', 'x'], '--masters must be a whole number'],
  [['--dialect', '7'], '--dialect must be one of 0.8'],
  [['--taks', '1'], "'--taks'"],
])('a mistake is told in one line: %s', (flags, message) => {
  const { status, stdout, stderr } = run(...flags);
  expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

test('a port that is taken ends it, although other masters listen already', async () => {
  const port = await freePortRange(2);
  const other = createServer().listen(port + 1, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  expect(run('--port', String(port), '--masters', '2')).toEqual({
    status: 64,
    stdout: '',
    stderr: `error: listen EADDRINUSE: address already in use 127.0.0.1:${port + 1}\n`,
  });
});
