import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname } from 'node:path';
import { delay, messageOf } from '@signalbox/core';
import { type DocumentService, parseDocument } from '@signalbox/source-kit/documents';
import type { ResolvedFileOptions } from '../options.ts';
import { findFiles } from './find-files.ts';
import { readStable, stampOf } from './read-stable.ts';

export interface FileState {
  readonly path: string;
  /** Of the last time at which the file could be used. */
  readonly services: readonly DocumentService[] | undefined;
  /** Why it cannot be used now. */
  readonly problem: FileProblem | undefined;
}

export interface FileProblem {
  readonly kind: 'missing' | 'bad';
  /** One line for people, with the place. */
  readonly message: string;
}

export interface Look {
  /** In the order of paths. */
  readonly files: readonly FileState[];
  /** Patterns that match nothing, and never have. */
  readonly unmatched: readonly string[];
  /** Whether every file could be used at least once since all of them were known first. */
  readonly isComplete: boolean;
  /** Whether anything differs from the look before. */
  readonly changed: boolean;
}

interface KnownFile {
  readonly stamp: string;
  readonly state: FileState;
  /** Where the file really is, behind symbolic links; undefined when it cannot be read. */
  readonly folder: string | undefined;
}

/** Some editors rename the old file away before they write the new one: what is gone longer than this was deleted. */
const renameMs = 300;

/** What is known of every file, for as long as the source lives: a file that cannot be used now counts as it was. */
export class FileMemory {
  readonly #options: ResolvedFileOptions;
  readonly #files = new Map<string, KnownFile>();
  /** What each pattern matched when it last matched anything. */
  #matches: ReadonlyMap<string, readonly string[]> = new Map();
  #isComplete = false;

  constructor(options: ResolvedFileOptions) {
    this.#options = options;
  }

  /** Folders in which a known file may be changed, besides those that the patterns name. */
  get folders(): ReadonlySet<string> {
    return new Set([...this.#files].flatMap(([path, { folder }]) => [dirname(path), folder ?? []].flat()));
  }

  async look(signal: AbortSignal): Promise<Look> {
    const waitForRename = once(() => delay(renameMs, signal));
    let matches = await this.#findMatches();
    if (this.#misses(matches)) {
      await waitForRename();
      matches = await this.#findMatches();
    }
    const unmatched = [...matches].flatMap(([pattern, paths]) => (paths.length === 0 ? [pattern] : []));
    const matched = pathsOf(matches);
    const wanted = [...matched].sort();
    let changed = false;
    for (const path of wanted) if (await this.#lookAt(path, waitForRename, signal)) changed = true;
    for (const path of this.#files.keys()) {
      if (matched.has(path)) continue;
      this.#files.delete(path);
      changed = true;
    }
    const files = wanted.flatMap((path) => this.#files.get(path)?.state ?? []);
    this.#isComplete ||= files.length > 0 && files.every(({ services }) => services !== undefined);
    return { files, unmatched, changed, isComplete: this.#isComplete };
  }

  #misses(matches: ReadonlyMap<string, readonly string[]>): boolean {
    const matched = pathsOf(matches);
    return [...this.#files.keys()].some((path) => !matched.has(path));
  }

  /** A pattern that had files and has none may be a folder that is not mounted: nobody said that its services are gone. */
  async #findMatches(): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = await findFiles(this.#options.files);
    const matches = new Map<string, readonly string[]>();
    for (const [pattern, paths] of found) {
      matches.set(pattern, paths.length > 0 ? paths : (this.#matches.get(pattern) ?? []));
    }
    this.#matches = matches;
    return matches;
  }

  /** True when the state of the file is another one. */
  async #lookAt(path: string, waitForRename: () => Promise<void>, signal: AbortSignal): Promise<boolean> {
    const before = this.#files.get(path);
    let read = await this.#read(path, before?.stamp, signal);
    if (read?.problem?.kind === 'missing' && before !== undefined && before.state.problem === undefined) {
      await waitForRename();
      read = await this.#read(path, before.stamp, signal);
    }
    if (read === undefined) return false;
    const services = read.services ?? before?.state.services;
    this.#files.set(path, { stamp: read.stamp, state: { path, services, problem: read.problem }, folder: read.folder });
    return read.services !== undefined || read.problem?.message !== before?.state.problem?.message;
  }

  /** Undefined when the file is as it was. */
  async #read(path: string, stamp: string | undefined, signal: AbortSignal): Promise<Reading | undefined> {
    try {
      if (stampOf(await stat(path, { bigint: true })) === stamp) return undefined;
      const { text, stamp: now } = await readStable(path, signal);
      const folder = dirname(await realpath(path));
      const parsed = parseDocument(text, {
        serviceLabel: this.#options.serviceLabel,
        fallbackName: basename(path, extname(path)),
      });
      if ('services' in parsed) return { stamp: now, folder, services: parsed.services, problem: undefined };
      const [{ line, column, message }, ...others] = parsed.problems;
      const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
      return { stamp: now, folder, problem: { kind: 'bad', message: `${path}:${line}:${column}: ${message}${more}` } };
    } catch (error) {
      signal.throwIfAborted();
      return {
        stamp: '',
        folder: undefined,
        problem: { kind: 'missing', message: `reading ${path}: ${messageOf(error)}` },
      };
    }
  }
}

interface Reading {
  readonly stamp: string;
  readonly folder: string | undefined;
  readonly services?: readonly DocumentService[];
  readonly problem: FileProblem | undefined;
}

function pathsOf(matches: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  return new Set([...matches.values()].flat());
}

/** All files of a folder that is gone are waited for together. */
function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
