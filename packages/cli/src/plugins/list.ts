import { readFile } from 'node:fs/promises';
import type { PluginKind } from '@signalbox/core';
import { findPluginPlaces, typeAt } from '../config/plugins.ts';
import { ProblemCollector } from '../config/problem-collector.ts';
import { readTree } from '../config/read-tree.ts';
import { listOfficialPlugins } from './installation.ts';
import { type ResolvedPlugin, resolvePlugin } from './resolve.ts';

export interface ListedPlugin {
  readonly kind: PluginKind;
  /** As it is written in YAML. */
  readonly type: string;
  readonly resolved: ResolvedPlugin;
}

export interface PluginFailure {
  readonly kind: PluginKind;
  readonly type: string;
  readonly error: unknown;
}

/** The official plugins, and those that a configuration file names if there is one. What is wrong in it does not matter here. */
export async function listPlugins(
  configFile: string,
): Promise<{ readonly plugins: readonly ListedPlugin[]; readonly failures: readonly PluginFailure[] }> {
  const names = new Map<string, { readonly kind: PluginKind; readonly type: string }>();
  for (const { kind, type } of [...listOfficialPlugins(), ...(await readNames(configFile))]) {
    names.set(`${kind} ${type}`, { kind, type });
  }
  const plugins: ListedPlugin[] = [];
  const failures: PluginFailure[] = [];
  for (const { kind, type } of names.values()) {
    try {
      plugins.push({ kind, type, resolved: await resolvePlugin(kind, type, configFile) });
    } catch (error) {
      failures.push({ kind, type, error });
    }
  }
  return { plugins, failures };
}

async function readNames(configFile: string): Promise<readonly { kind: PluginKind; type: string }[]> {
  const text = await readFile(configFile, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const inputs = { environment: {}, readFile: async () => '' };
  const tree = await readTree(text, inputs, new ProblemCollector(configFile, text));
  if (tree === undefined) return [];
  return [...findPluginPlaces(tree)].flatMap((place) => {
    const type = typeAt(place);
    return type === undefined ? [] : [{ kind: place.kind, type }];
  });
}
