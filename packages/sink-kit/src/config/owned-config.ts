import { readFile } from 'node:fs/promises';
import { delay, type PlannedChange } from '@signalbox/core';
import { type FileFollower, followLagMs } from '../files/file-follower.ts';
import { hashFile, sha256 } from '../files/hash.ts';
import { writeFileAtomically } from '../files/write-file.ts';
import { targetChanged } from '../plan/target-changed.ts';
import { inQuotes } from '../text/one-line.ts';

/** How a configuration of this proxy is read by somebody who did not write it. */
export interface ConfigReader {
  /** Whether it came from here; the rest of it may have been edited since. */
  isOwn(text: string): boolean;
  /** What goes with it when it is replaced, as people call it, e.g. `frontend web`. */
  listParts(text: string): readonly string[];
  /** What these parts are called together, e.g. `proxies`. */
  readonly parts: string;
}

export interface OwnedConfigOptions {
  readonly path: string;
  /** Where the file is kept as somebody edited it, before it is written again. */
  readonly editedPath: string;
  readonly reader: ConfigReader;
  /** Knows what was written last. */
  readonly follower: FileFollower;
}

/** The configuration that Signalbox owns, against what others do with it. */
export interface OwnedConfig {
  /** A change to show when the configuration of somebody else would be replaced: it must be seen beforehand what goes with it. */
  describeTakeover(): Promise<readonly PlannedChange[]>;
  /** Keeps the configuration of somebody else. Only the first one: a second one would be a mixture of ours and theirs. */
  keepForeign(): Promise<void>;
  /** Undefined when there is none. */
  hash(): Promise<string | undefined>;
  /** @throws {SinkError} SINK_TARGET_CHANGED when the file is neither as it was planned for (its hash) nor as it was written last. */
  assertUnchanged(plannedHash: string | undefined): Promise<void>;
  /** Changes for files that lag behind after Signalbox was killed, or that were edited by hand. `wanted` gives the sha256 of each, by path. */
  findStale(wanted: () => ReadonlyMap<string, string>, options: StaleOptions): Promise<readonly PlannedChange[]>;
  /** Brings such files up to date. What somebody wrote by hand into the configuration is kept for them. */
  writeStale(render: () => ReadonlyMap<string, string>): Promise<void>;
}

export interface StaleOptions {
  /** Another Signalbox may be at work (`plan` beside `run`), whose files are just about to follow: they are looked at again for a while. */
  readonly mayFollow: boolean;
  readonly signal: AbortSignal;
}

/** Behind the time that files may lag comes that of writing them, which on a busy disk takes a multiple of it. */
const mostLooks = 9;

export function createOwnedConfig({ path, editedPath, reader, follower }: OwnedConfigOptions): OwnedConfig {
  const keptPath = `${path}.before-signalbox`;

  /** Undefined when there is no file, or one of ours. */
  const readForeign = async (): Promise<string | undefined> => {
    // Not there, or not readable: then nothing can be said of it, and writing says what is wrong.
    const text = await readFile(path, 'utf8').catch(() => undefined);
    return text === undefined || reader.isOwn(text) ? undefined : text;
  };

  const compare = async (wanted: ReadonlyMap<string, string>): Promise<readonly PlannedChange[]> => {
    const changes: PlannedChange[] = [];
    for (const [target, wantedHash] of wanted) {
      const hash = await hashFile(target);
      if (hash === wantedHash) continue;
      const written = follower.written.get(target);
      const edited = target === path && hash !== undefined && written !== undefined && written !== hash;
      changes.push({
        action: hash === undefined ? 'create' : 'update',
        target,
        summary: edited
          ? `file was edited by others and is written again; the edited one is kept as ${editedPath}`
          : 'file brought up to date',
        services: [],
      });
    }
    return changes;
  };

  return {
    async describeTakeover() {
      const foreign = await readForeign();
      if (foreign === undefined) return [];
      const parts = reader.listParts(foreign);
      const lost = parts.length === 0 ? `no ${reader.parts} in it` : `and with it ${inQuotes(parts.join(', '))}`;
      const summary = `a configuration that Signalbox did not write is replaced, ${lost}; it is kept as ${keptPath}`;
      return [{ action: 'update', target: path, summary, services: [] }];
    },
    async keepForeign() {
      const foreign = await readForeign();
      if (foreign !== undefined && (await hashFile(keptPath)) === undefined) {
        await writeFileAtomically(keptPath, foreign);
      }
    },
    hash: () => hashFile(path),
    async assertUnchanged(plannedHash) {
      const isExpected = async (): Promise<boolean> => {
        const now = await hashFile(path);
        return now === plannedHash || now === follower.written.get(path);
      };
      if (await isExpected()) return;
      // A write of our own shows in the file before it counts as written.
      await follower.idle();
      if (await isExpected()) return;
      throw targetChanged(`the file ${path}`);
    },
    async findStale(wanted, { mayFollow, signal }) {
      if (follower.pending && follower.error === undefined) return [];
      const hashes = wanted();
      let changes = await compare(hashes);
      const looks = mayFollow && follower.written.size === 0 ? mostLooks : 1;
      for (let look = 1; look < looks && changes.length > 0; look += 1) {
        await delay(followLagMs, signal);
        changes = await compare(hashes);
      }
      return changes;
    },
    async writeStale(render) {
      const written = follower.written.get(path);
      const now = await readFile(path).catch(() => undefined);
      if (now !== undefined && written !== undefined && sha256(now) !== written) {
        await writeFileAtomically(editedPath, now);
      }
      follower.follow(render);
      await follower.flush(true);
    },
  };
}
