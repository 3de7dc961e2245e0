import {
  defineSource,
  type PluginContext,
  type Snapshot,
  SourceError,
  type SourcePlugin,
  watchFolders,
} from '@signalbox/core';
import { joinServices } from '@signalbox/source-kit/documents';
import { type FileOptions, optionsSchema, type ResolvedFileOptions } from './options.ts';
import { FileMemory, type FileState, type Look } from './reading/file-memory.ts';
import { folderOf } from './reading/find-files.ts';

/** Services that files list, in a form of our own or in that of Prometheus (`file_sd`); the files are watched. */
export const file: SourcePlugin<FileOptions> = defineSource<FileOptions, ResolvedFileOptions>({
  type: 'file',
  description: 'Static services and Prometheus file_sd, from watched files.',
  options: optionsSchema,
  create(options) {
    const memory = new FileMemory(options);
    return {
      watch: (context) => watchFiles(options, memory, context),
      async probe({ signal }) {
        const { files, unmatched } = await new FileMemory(options).look(signal);
        const bad = files.filter(({ problem }) => problem !== undefined);
        if (bad.length > 0 || files.length === 0) throw describeFailure(bad, unmatched);
      },
    };
  },
});

async function* watchFiles(
  options: ResolvedFileOptions,
  memory: FileMemory,
  { id, signal }: PluginContext,
): AsyncGenerator<Snapshot> {
  const folders = (): string[] => [...options.files.map(folderOf), ...memory.folders];
  let before: Look | undefined;
  for await (const _ of watchFolders({ folders, intervalMs: options.intervalMs, signal })) {
    const look = await memory.look(signal);
    assertUsable(look);
    if (before !== undefined && !look.changed) continue;
    yield toSnapshot(look, before, id);
    before = look;
  }
}

/**
 * One bad file of several is a warning, and counts as it was. Without any good one, and while it is not known what a bad one held before, only
 * the set of an earlier run is sure to lose nothing.
 */
function assertUsable({ files, unmatched, isComplete }: Look): void {
  const bad = files.filter(({ problem }) => problem !== undefined);
  if (bad.length === files.length || !isComplete) {
    throw describeFailure(bad, unmatched);
  }
}

function describeFailure(bad: readonly FileState[], unmatched: readonly string[]): SourceError {
  const [first] = bad.flatMap(({ problem }) => problem ?? []);
  if (first === undefined) {
    return new SourceError(`no file matches ${unmatched.map((pattern) => JSON.stringify(pattern)).join(' or ')}`, {
      code: 'SOURCE_UNREACHABLE',
      hint: 'create one; a file without services says "services: []"',
    });
  }
  const more = bad.length === 1 ? '' : ` (and ${bad.length - 1} more of its files)`;
  return new SourceError(`${first.message}${more}`, {
    code: first.kind === 'missing' ? 'SOURCE_UNREACHABLE' : 'SOURCE_BAD_RESPONSE',
    hint:
      first.kind === 'missing'
        ? 'check that it is a file, that this user may read it, and that it comes to rest'
        : 'mend the file; until then its services stay as they were',
  });
}

function toSnapshot({ files, unmatched }: Look, before: Look | undefined, sourceId: string): Snapshot {
  const origins = files.map(({ path, services = [] }) => ({ name: path, services }));
  const { services, warnings } = joinServices(origins, sourceId);
  return {
    services,
    intended: findIntended(files, before, sourceId),
    warnings: [
      ...files.flatMap(({ problem, services: known }) =>
        problem === undefined ? [] : [{ message: describeProblem(problem.message, known) }],
      ),
      ...unmatched.map((pattern) => ({ message: `no file matches ${JSON.stringify(pattern)}` })),
      ...warnings,
    ],
  };
}

function describeProblem(message: string, known: FileState['services']): string {
  return known === undefined
    ? `${message}; nothing is known of its services`
    : `${message}; its services stay as they were`;
}

/** What a file that is still there no longer says was taken out on purpose. A file that is gone may be a folder that is not mounted. */
function findIntended(files: readonly FileState[], before: Look | undefined, sourceId: string): ReadonlySet<string> {
  const kept = new Set(files.map(({ path }) => path));
  const previous = before?.files ?? [];
  const namedIn = (states: readonly FileState[]): readonly string[] =>
    joinServices(
      states.map(({ path, services = [] }) => ({ name: path, services })),
      sourceId,
    ).services.map(({ id }) => id);
  const intended = new Set(namedIn(previous.filter(({ path }) => kept.has(path))));
  for (const id of namedIn(previous.filter(({ path }) => !kept.has(path)))) intended.delete(id);
  return intended;
}
