import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type PluginContext, watchFolders } from '@signalbox/core';
import type { SinkState } from './sink-state.ts';
import { readTargetFile, stampOf } from './target/read-target.ts';

const intervalMs = 5_000;

/** Yields when a template changed, and when a file is no longer as it was left. */
export async function* watchTarget(state: SinkState, { signal }: PluginContext): AsyncGenerator<string> {
  const { files } = state.settings;
  // At the start and not with the first change: whoever starts a second Signalbox on this target hears of it at once.
  await state.lock.ensure();
  const templates = files.flatMap(({ source }) => (source.kind === 'file' ? [source.path] : []));
  const folders = new Set([...files.map(({ path }) => path), ...templates].map((path) => dirname(path)));
  let templateStamp = await stampTemplates(templates);
  for await (const _ of watchFolders({ folders: () => folders, intervalMs, signal })) {
    const stamp = await stampTemplates(templates);
    if (stamp !== templateStamp) {
      templateStamp = stamp;
      yield 'a template changed';
      continue;
    }
    const drifted = await findDrifted(state);
    if (drifted === undefined) continue;
    state.settled.delete(drifted);
    yield `${drifted} was changed by others`;
  }
}

async function findDrifted({ settings, settled }: SinkState): Promise<string | undefined> {
  for (const file of settings.files) {
    const expected = settled.get(file.path);
    if (expected === undefined) continue;
    const now = await readTargetFile(file).then(stampOf, () => undefined);
    // An apply may have ended while this was read.
    if ((now ?? '') !== expected && settled.get(file.path) === expected) return file.path;
  }
  return undefined;
}

/** Of the templates and of all partials beside them. */
async function stampTemplates(templates: readonly string[]): Promise<string> {
  const paths = new Set(templates);
  for (const folder of new Set(templates.map((path) => dirname(path)))) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (name.endsWith('.liquid')) paths.add(join(folder, name));
  }
  const stamps = await Promise.all(
    [...paths].sort().map(async (path) => {
      const stats = await stat(path, { bigint: true }).catch(() => undefined);
      return `${path} ${stats?.ino} ${stats?.size} ${stats?.mtimeNs}`;
    }),
  );
  return stamps.join('\n');
}
