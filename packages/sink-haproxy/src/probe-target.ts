import type { Stats } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PluginContext, SinkError } from '@signalbox/core';
import { runCommand } from '@signalbox/sink-kit';
import { parseVersion } from './control/version.ts';
import { lookAtTarget } from './observed/look-at-target.ts';
import type { SinkState } from './sink-state.ts';

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

/** The program runs and is recent enough, the folder of the configuration can be written, HAProxy answers or may be started. */
export async function probeTarget(state: SinkState, { signal }: PluginContext): Promise<void> {
  const { settings } = state;
  const { output } = await runCommand([settings.program, '-v'], {
    signal,
    timeoutMs: 10_000,
    code: 'SINK_UNREACHABLE',
    purpose: 'asking HAProxy for its version',
    hint: 'install HAProxy 2.6 or later, or set `binary`',
  });
  parseVersion(output);
  const folder = dirname(settings.configPath);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SinkError(`the folder ${JSON.stringify(folder)} of the configuration cannot be written`, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'create the folder, and give it to the user that runs Signalbox',
    });
  }
  if ((await statIfThere(settings.configPath))?.isDirectory() === true) {
    throw new SinkError(`the configuration ${JSON.stringify(settings.configPath)} is a folder`, {
      code: 'SINK_REFUSED',
      hint: 'set `config` to the path of a file, for example haproxy.cfg in that folder',
    });
  }
  await lookAtTarget(state, true, signal);
}
