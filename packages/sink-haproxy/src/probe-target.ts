import type { PluginContext } from '@signalbox/core';
import { assertConfigWritable, runCommand } from '@signalbox/sink-kit';
import { parseVersion } from './control/version.ts';
import { lookAtTarget } from './observed/look-at-target.ts';
import type { SinkState } from './sink-state.ts';

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
  await assertConfigWritable(settings.configPath, 'haproxy.cfg');
  await lookAtTarget(state, true, signal);
}
