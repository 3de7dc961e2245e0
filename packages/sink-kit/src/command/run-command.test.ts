import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SinkError } from '@signalbox/core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isProcessAlive } from '../lock/process-identity.ts';
import { runCommand } from './run-command.ts';

const options = {
  signal: new AbortController().signal,
  code: 'SINK_CHECK_FAILED',
  purpose: 'checking the candidate',
} as const;
const node = (script: string): readonly string[] => [process.execPath, '-e', script];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-command-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('runCommand', () => {
  test('gives the output of both streams', async () => {
    const result = await runCommand(node('console.log("out"); console.error("err")'), options);
    expect(result.output.split('\n').sort()).toEqual(['err', 'out']);
    expect(result.durationMs).toBeGreaterThan(0);
  });

  test('interprets no argument', async () => {
    const hostile = '$(id); `id` "x" \'y\' *';
    const argv = [process.execPath, '-e', 'process.stdout.write(process.argv[1])', hostile];
    expect((await runCommand(argv, options)).output).toBe(hostile);
  });

  test('a failure carries the code of the caller, the exit code and the last line', async () => {
    const error = await fail(node('console.error("first"); console.error("[ALERT] line 7"); process.exit(3)'));
    expect(error).toMatchObject({ code: 'SINK_CHECK_FAILED', output: 'first\n[ALERT] line 7' });
    expect(error.message).toContain('checking the candidate');
    expect(error.message).toContain('exit code 3: [ALERT] line 7');
  });

  test('a program that does not exist', async () => {
    const error = await fail(['/nonexistent/program']);
    expect(error.message).toContain('cannot be started');
    expect(error.code).toBe('SINK_CHECK_FAILED');
    expect(error.hint).toContain('"/nonexistent/program" is installed');
  });

  test('an empty command', async () => {
    expect((await fail([])).message).toContain('empty');
  });

  test('keeps the last lines of endless output, without control characters', async () => {
    const script = 'for (let i = 0; i < 60000; i++) console.log("line " + i); console.log("\\u001b[31mred\\u0007")';
    const { output } = await runCommand(node(script), { ...options, maxLines: 3 });
    expect(output).toBe('line 59998\nline 59999\n[31mred');
  });

  test('a time-out kills what the command started, too', async () => {
    const error = await fail(['sh', '-c', `sleep 300 & echo $! > ${folder}/pid; wait`], { timeoutMs: 500 });
    expect(error.message).toContain('did not end within 500 ms');
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(isProcessAlive(pid)).toBe(false));
  });

  test('aborting kills it and throws the reason', async () => {
    const controller = new AbortController();
    const running = runCommand(node('setInterval(() => {}, 1000)'), { ...options, signal: controller.signal });
    setTimeout(() => controller.abort(new Error('stop')), 200);
    await expect(running).rejects.toThrow('stop');
    await expect(runCommand(node(''), { ...options, signal: controller.signal })).rejects.toThrow('stop');
  });

  test('does not wait for a daemon that keeps the pipes open', async () => {
    const startedAt = performance.now();
    const { output } = await runCommand(['sh', '-c', 'setsid sleep 5 & echo started'], options);
    expect(output).toBe('started');
    expect(performance.now() - startedAt).toBeLessThan(4_000);
  });
});

function fail(argv: readonly string[], more: { timeoutMs?: number } = {}): Promise<SinkError> {
  return runCommand(argv, { ...options, ...more }).then(
    () => expect.fail('the command should fail'),
    (error: SinkError) => error,
  );
}
