import { vi } from 'vitest';
import type { Contract } from '../contract.ts';
import { pluginCases } from './plugin-cases.ts';
import type { PluginSubject } from './plugin-harness.ts';

/** The contract of a kind followed by that of every plugin. Modules are evaluated anew last, so that no other case sees two copies. */
export function withPluginCases<Harness>(
  contract: Contract<Harness>,
  { load, ...rest }: Omit<PluginSubject, 'loadAgain'>,
): Contract<Harness> {
  const loaded = load();
  // Reported by the case that awaits it.
  loaded.catch(() => {});
  const subject: PluginSubject = {
    ...rest,
    load: () => loaded,
    loadAgain: () => {
      vi.resetModules();
      return load();
    },
  };
  const bound = Object.entries(pluginCases).map(([title, run]) => [title, () => run(subject)]);
  return { ...contract, ...Object.fromEntries(bound) };
}
