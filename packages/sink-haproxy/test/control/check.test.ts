import { appendFile } from 'node:fs/promises';
import type { SinkError } from '@signalbox/core';
import { freePort } from '@signalbox/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkConfig, findMessageOwners, parseConfigMessages } from '../../src/control/check.ts';
import { createTestHaproxy, signal, type TestHaproxy } from './haproxy-process.ts';

let haproxy: TestHaproxy;
beforeAll(async () => {
  haproxy = await createTestHaproxy();
});
afterAll(() => haproxy[Symbol.asyncDispose]());

test('a valid file gives its warnings only', async () => {
  await haproxy.writeConfig({ port: await freePort() });
  const messages = await checkConfig(haproxy.configPath, { signal });
  expect(messages.filter(({ severity }) => severity === 'alert')).toEqual([]);
});

test('each fault is found on the lines of its owner', async () => {
  await haproxy.writeConfig({ port: await freePort() });
  await appendFile(
    haproxy.configPath,
    `backend first from http
  bogus keyword
backend second from http
  server a 127.0.0.1:80 nonsense
backend third from http
  server b 127.0.0.1:80
`,
  );
  const error = await checkConfig(haproxy.configPath, { signal }).then(
    () => expect.fail('the check should fail'),
    (reason: SinkError) => reason,
  );
  expect(error.code).toBe('SINK_CHECK_FAILED');
  const alerts = parseConfigMessages(error.output ?? '').filter(({ severity }) => severity === 'alert');
  expect(alerts.every(({ file }) => file === undefined || file === haproxy.configPath)).toBe(true);
  const lines = alerts.flatMap(({ line }) => line ?? []);
  const start = Math.min(...lines) - 1;
  const ranges = ['first', 'second', 'third'].map((owner, index) => ({
    firstLine: start + 2 * index,
    lastLine: start + 2 * index + 1,
    owner,
  }));
  const { byOwner } = findMessageOwners(alerts, ranges);
  expect([...byOwner.keys()]).toEqual(['first', 'second']);
  expect(byOwner.get('first')?.[0]?.text).toContain("unknown keyword 'bogus'");
});

test('a program that is missing', async () => {
  await expect(checkConfig(haproxy.configPath, { program: '/nonexistent/haproxy', signal })).rejects.toMatchObject({
    code: 'SINK_CHECK_FAILED',
    message: expect.stringContaining('cannot be started'),
  });
});
