import type { PluginContext } from '@signalbox/core';
import { assertConfigWritable } from '@signalbox/sink-kit';
import { assertWorkersPass } from './control/worker-access.ts';
import { lookAtTarget } from './observed/look-at-target.ts';
import { equip, type SinkState } from './sink-state.ts';

/**
 * The program runs and can do what was asked for, the folder of the configuration can be written, nginx answers or may be started, and its workers
 * reach what they use.
 */
export async function probeTarget(state: SinkState, { signal }: PluginContext): Promise<void> {
  const { program } = await equip(state, signal);
  await assertConfigWritable(state.settings.configPath, 'nginx.conf');
  const target = await lookAtTarget(state, true, signal);
  await assertWorkersPass(state.settings, {
    defaultUser: program.user,
    isRunning: target.kind === 'running',
    signal,
  });
}
