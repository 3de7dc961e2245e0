import type { Catalog, Plan, PlannedChange, PluginContext, Warning } from '@signalbox/core';
import { applyOnce, diffText } from '@signalbox/sink-kit';
import type { FileSettings } from '../settings.ts';
import type { SinkState } from '../sink-state.ts';
import { applyFiles, type WantedFile } from '../target/apply-files.ts';
import { isReloadPending, readTargetFile, stampOf, type TargetFile } from '../target/read-target.ts';
import { settleContents } from './settle-contents.ts';

export async function createPlan(state: SinkState, catalog: Catalog, { signal }: PluginContext): Promise<Plan> {
  const again = state.planned?.version === catalog.version;
  const contents = await settleContents(state, catalog, { again, signal });
  const services = touch(state, catalog);
  const files = await Promise.all(
    state.settings.files.map(async (file, index): Promise<WantedFile> => {
      const before = await readTargetFile(file);
      return { file, content: contents[index] ?? '', before };
    }),
  );
  const changes = files.flatMap((file) => describeFile(file, services));
  const reload = changes.length > 0 || (await isReloadPending(state.settings)) ? state.settings.reload : undefined;
  const warnings = [...state.refused].map(
    ([{ id }, reason]): Warning => ({ service: id, message: `left out: ${reason}` }),
  );
  if (changes.length === 0 && reload === undefined) {
    for (const { file, before } of files) state.settled.set(file.path, stampOf(before) ?? '');
    state.touched = new Set();
  }
  const { waitMs } = state.gate;
  if (reload !== undefined && waitMs > 0) {
    const deferred = { afterMs: waitMs, reason: 'the least time between two reloads' };
    return { changes: [], warnings, deferred, apply: async () => {} };
  }
  const all: readonly PlannedChange[] = [
    ...changes,
    ...(reload === undefined
      ? []
      : [
          {
            action: 'reload' as const,
            target: state.settings.files[0]?.path ?? '',
            summary: `runs ${reload.command.join(' ')}`,
            services,
          },
        ]),
  ];
  const apply = async (): Promise<void> => {
    if (all.length > 0) await applyFiles(state, files, reload, signal);
  };
  return { changes: all, warnings, apply: applyOnce(all, apply) };
}

/** What may have changed since the files were last right: that, and only that, is what a change of a file is for. */
function touch(state: SinkState, catalog: Catalog): readonly string[] {
  const before = state.planned;
  state.planned = catalog;
  if (before !== undefined && state.touched !== undefined) {
    for (const [id, service] of catalog.services) if (before.services.get(id) !== service) state.touched.add(id);
    for (const id of before.services.keys()) if (!catalog.services.has(id)) state.touched.add(id);
  }
  return [...(state.touched ?? catalog.services.keys())].sort();
}

function describeFile({ file, content, before }: WantedFile, services: readonly string[]): readonly PlannedChange[] {
  const { path } = file;
  if (before.content === undefined) {
    return [{ action: 'create', target: path, summary: `file with ${countLines(content)} lines`, services }];
  }
  const parts: string[] = [];
  if (before.content !== content) {
    const { addedLines, removedLines } = diffText(path, before.content, content);
    parts.push(`${addedLines} lines added, ${removedLines} removed`);
  }
  const rights = describeRights(file, before);
  if (rights !== undefined) parts.push(rights);
  return parts.length === 0 ? [] : [{ action: 'update', target: path, summary: parts.join('; '), services }];
}

function describeRights({ mode, owner }: FileSettings, before: TargetFile): string | undefined {
  const parts: string[] = [];
  if (mode !== undefined && mode !== before.mode) {
    parts.push(`mode ${before.mode?.toString(8)} becomes ${mode.toString(8)}`);
  }
  if (owner !== undefined && (owner.uid !== before.owner?.uid || owner.gid !== before.owner.gid)) {
    parts.push(`owner ${before.owner?.uid}:${before.owner?.gid} becomes ${owner.uid}:${owner.gid}`);
  }
  return parts.length === 0 ? undefined : parts.join(', ');
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}
