import type { PluginContext } from '@signalbox/core';
import { assertConfigWritable } from '@signalbox/sink-kit';
import { lookAtTarget } from './observed/look-at-target.ts';
import { equip, type SinkState } from './sink-state.ts';

/** The program runs and can do what was asked for, the folder of the configuration can be written, nginx answers or may be started. */
export async function probeTarget(state: SinkState, { signal }: PluginContext): Promise<void> {
  await equip(state, signal);
  await assertConfigWritable(state.settings.configPath, 'nginx.conf');
  await lookAtTarget(state, true, signal);
}
