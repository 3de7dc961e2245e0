import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { messageOf } from '@signalbox/core';
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

/** What is known of every file, for as long as the source lives: a file that cannot be used now counts as it was. */
export class FileMemory {
  readonly #options: ResolvedFileOptions;
  readonly #files = new Map<string, { readonly stamp: string; readonly state: FileState }>();
  /** What each pattern matched when it last matched anything. */
  #matches: ReadonlyMap<string, readonly string[]> = new Map();
  #isComplete = false;

  constructor(options: ResolvedFileOptions) {
    this.#options = options;
  }

  async look(signal: AbortSignal): Promise<Look> {
    const matches = await this.#findMatches();
    const unmatched = [...matches].flatMap(([pattern, paths]) => (paths.length === 0 ? [pattern] : []));
    const wanted = [...new Set([...matches.values()].flat())].sort();
    let changed = false;
    for (const path of wanted) if (await this.#lookAt(path, signal)) changed = true;
    for (const path of this.#files.keys()) {
      if (wanted.includes(path)) continue;
      this.#files.delete(path);
      changed = true;
    }
    const files = wanted.flatMap((path) => this.#files.get(path)?.state ?? []);
    this.#isComplete ||= files.length > 0 && files.every(({ services }) => services !== undefined);
    return { files, unmatched, changed, isComplete: this.#isComplete };
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
  async #lookAt(path: string, signal: AbortSignal): Promise<boolean> {
    const before = this.#files.get(path);
    const read = await this.#read(path, before?.stamp, signal);
    if (read === undefined) return false;
    const services = read.services ?? before?.state.services;
    this.#files.set(path, { stamp: read.stamp, state: { path, services, problem: read.problem } });
    return read.services !== undefined || read.problem?.message !== before?.state.problem?.message;
  }

  /** Undefined when the file is as it was. */
  async #read(
    path: string,
    stamp: string | undefined,
    signal: AbortSignal,
  ): Promise<{ stamp: string; services?: readonly DocumentService[]; problem: FileProblem | undefined } | undefined> {
    try {
      if (stampOf(await stat(path, { bigint: true })) === stamp) return undefined;
      const { text, stamp: now } = await readStable(path, signal);
      const parsed = parseDocument(text, {
        serviceLabel: this.#options.serviceLabel,
        fallbackName: basename(path, extname(path)),
      });
      if ('services' in parsed) return { stamp: now, services: parsed.services, problem: undefined };
      const [{ line, column, message }, ...others] = parsed.problems;
      const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
      return { stamp: now, problem: { kind: 'bad', message: `${path}:${line}:${column}: ${message}${more}` } };
    } catch (error) {
      signal.throwIfAborted();
      return { stamp: '', problem: { kind: 'missing', message: `reading ${path}: ${messageOf(error)}` } };
    }
  }
}
