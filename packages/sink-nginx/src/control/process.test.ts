import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Settings } from '../settings.ts';
import { startNginx } from './process.ts';

/** As nginx 1.22 writes it, where it takes seconds. */
const taken = `nginx: [emerg] bind() to 127.0.0.1:8081 failed (98: Address already in use)
nginx: [emerg] bind() to 127.0.0.1:8081 failed (98: Address already in use)
nginx: [emerg] still could not bind()`;

async function failure(output: string): Promise<unknown> {
  const runDirectory = await mkdtemp(join(tmpdir(), 'nginx-process-'));
  onTestFinished(() => rm(runDirectory, { recursive: true, force: true }));
  const program = join(runDirectory, 'nginx');
  await writeFile(program, `#!/bin/sh\ncat >&2 <<'EOF'\n${output}\nEOF\nexit 1\n`);
  await chmod(program, 0o755);
  const settings = { program, runDirectory, configPath: '/nginx.conf' } as Settings;
  return startNginx(settings, new AbortController().signal).catch((error: unknown) => error);
}

it('names the address that it cannot have', async () => {
  expect(await failure(taken)).toMatchObject({
    code: 'SINK_RELOAD_FAILED',
    message: 'starting nginx: it cannot listen on 127.0.0.1:8081: Address already in use',
    hint: expect.stringContaining("'sport = :8081'"),
    output: taken,
  });
});

it('leaves other words as they are', async () => {
  expect(await failure('nginx: [emerg] unknown directive "lisen"')).toMatchObject({
    code: 'SINK_RELOAD_FAILED',
    message: expect.stringContaining('unknown directive "lisen"'),
    hint: 'see the output: the configuration, or rights',
  });
});
