import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SinkError } from '@signalbox/core';
import { checkCopies, runCommand } from '@signalbox/sink-kit';
import type { Desired } from '../desired/model.ts';
import { readLuaFiles } from '../lua-files.ts';
import { certificatesPath } from '../render/certificates.ts';
import { type RenderOptions, renderCandidate, renderKeys } from '../render/config.ts';
import { controlSocketPath, innerSocketFolder } from '../settings.ts';

/**
 * What nginx's own check says against the candidate, or undefined when it is good.
 *
 * @throws {SinkError} SINK_APPLY_FAILED, SINK_REFUSED, SINK_UNREACHABLE when the copies cannot be written.
 */
export function checkCandidate(
  desired: Desired,
  render: RenderOptions,
  signal: AbortSignal,
): Promise<SinkError | undefined> {
  return checkCopies({
    write: (directory) => writeCandidate(desired, render, directory),
    check: (directory) =>
      runCommand([render.settings.program, '-t', '-q', '-c', configPath(directory)], {
        signal,
        timeoutMs: 60_000,
        code: 'SINK_CHECK_FAILED',
        purpose: 'checking the candidate',
        hint: 'see the output; nothing was changed',
      }),
  });
}

const configPath = (directory: string): string => join(directory, 'nginx.conf');

async function writeCandidate(desired: Desired, render: RenderOptions, directory: string): Promise<void> {
  await mkdir(dirname(controlSocketPath(directory)));
  await mkdir(innerSocketFolder(directory));
  if (render.mode === 'lua') {
    await mkdir(join(directory, 'lua', 'signalbox'), { recursive: true });
    for (const [name, text] of readLuaFiles()) await writeFile(join(directory, 'lua', 'signalbox', name), text);
  }
  await writeFile(configPath(directory), renderCandidate(desired, render, directory));
  const keys = renderKeys(desired, render);
  if (keys !== undefined) await writeFile(certificatesPath(directory), keys, { mode: 0o600 });
}
