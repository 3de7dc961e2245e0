import { access, constants, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PluginContext, SinkError } from '@signalbox/core';
import { lookAtTarget } from './observed/look-at-target.ts';
import { equip, type SinkState } from './sink-state.ts';

/** The program runs and can do what was asked for, the folder of the configuration can be written, nginx answers or may be started. */
export async function probeTarget(state: SinkState, { signal }: PluginContext): Promise<void> {
  const { configPath } = state.settings;
  await equip(state, signal);
  const folder = dirname(configPath);
  try {
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SinkError(`the folder ${JSON.stringify(folder)} of the configuration cannot be written`, {
      code: 'SINK_REFUSED',
      cause: error,
      hint: 'create the folder, and give it to the user that runs Signalbox',
    });
  }
  const stats = await stat(configPath).catch(() => undefined);
  if (stats?.isDirectory() === true) {
    throw new SinkError(`the configuration ${JSON.stringify(configPath)} is a folder`, {
      code: 'SINK_REFUSED',
      hint: 'set `config` to the path of a file, for example nginx.conf in that folder',
    });
  }
  await lookAtTarget(state, true, signal);
}
