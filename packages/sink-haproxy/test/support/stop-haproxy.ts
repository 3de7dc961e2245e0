import type { HaproxyOptions } from '../../src/index.ts';
import { haproxyOptions } from '../../src/options.ts';
import { toSettings } from '../../src/settings.ts';
import { createSinkState } from '../../src/sink-state.ts';

/** Ends the HAProxy that a sink with these options started, whoever has the target now. */
export async function stopHaproxy(options: HaproxyOptions): Promise<void> {
  const { managed } = createSinkState(toSettings(haproxyOptions.parse({ ...options, manage: true })));
  await managed?.stop({ signal: AbortSignal.timeout(15_000) });
}
