import { ConfigError } from '@signalbox/core';
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from 'yaml';
import type { DrainEntry } from './drain-options.ts';
import { type Drain, parseDrains, readEntry } from './parse-drains.ts';

/** An entry of the file; `drain` is absent, and `problem` says why, when it means nothing. */
export interface PlacedDrain {
  /** From 1 on, in the order of the file. */
  readonly position: number;
  readonly drain?: Drain;
  readonly problem?: string;
}

/** The text of a file with drains, for programs that edit it. Comments and the order of entries stay. */
export class DrainDocument {
  readonly #document: Document;
  readonly #file: string;

  /** @throws {ConfigError} `CONFIG_INVALID` when the text is not such a file. */
  constructor(text: string, file: string) {
    parseDrains(text, file);
    this.#document = parseDocument(text);
    this.#file = file;
  }

  get entries(): readonly PlacedDrain[] {
    const content = this.#document.toJS() as { readonly drains?: readonly unknown[] | null } | null;
    return (content?.drains ?? []).map((entry, index) => ({ position: index + 1, ...readEntry(entry) }));
  }

  /** The entry that matches the same, in whatever spelling. */
  find(match: DrainEntry['match']): PlacedDrain | undefined {
    const text = readEntry({ match, until: '1970-01-01T00:00:00Z', reason: 'x' }).drain?.text;
    return this.entries.find(({ drain }) => drain !== undefined && drain.text === text);
  }

  /**
   * Adds an entry behind all others. One that matches the same is replaced where it stands instead, and returned.
   * @throws {ConfigError} `CONFIG_INVALID` when the entry means nothing.
   */
  add(entry: DrainEntry): Drain | undefined {
    const { drain, problem } = readEntry(entry);
    if (drain === undefined) throw new ConfigError(`this is no drain: ${problem}`, { code: 'CONFIG_INVALID' });
    const same = this.find(entry.match);
    if (same === undefined) this.#ensureList().add(this.#toNode(entry));
    else this.#replace(same.position - 1, entry);
    return same?.drain;
  }

  /** Takes the entry at this position out, and returns it. */
  remove(position: number): PlacedDrain | undefined {
    const entry = this.entries.find((one) => one.position === position);
    if (entry !== undefined) this.#list?.delete(position - 1);
    return entry;
  }

  toString(): string {
    // Text is not broken into lines of a width: what people wrote stays as it was.
    return this.#document.toString({ lineWidth: 0 });
  }

  get #list(): YAMLSeq | undefined {
    const list = this.#document.get('drains', true);
    return isSeq(list) ? list : undefined;
  }

  /** The list, made when there is none; an empty one in brackets becomes one with a line for each entry. */
  #ensureList(): YAMLSeq {
    const list = this.#list;
    if (list !== undefined) {
      if (list.items.length === 0) list.flow = false;
      return list;
    }
    const made = this.#document.createNode([]) as YAMLSeq;
    if (isMap(this.#document.contents)) this.#document.set('drains', made);
    else this.#document.contents = this.#document.createNode({ drains: made });
    return this.#list as YAMLSeq;
  }

  /** A selector stands on one line. */
  #toNode(entry: DrainEntry): YAMLMap {
    const node = this.#document.createNode(entry) as YAMLMap;
    const match = node.get('match', true);
    if (isMap(match) || isSeq(match)) match.flow = true;
    return node;
  }

  /** What stays equal keeps its place and its comments. */
  #replace(index: number, { until, reason, force }: DrainEntry): void {
    const entry = this.#list?.get(index, true);
    if (!isMap(entry))
      throw new ConfigError(`entry ${index + 1} of ${this.#file} is written in another place, by an alias`, {
        code: 'CONFIG_INVALID',
        hint: 'edit it by hand',
      });
    entry.set('until', until);
    entry.set('reason', reason);
    if (force === true) entry.set('force', true);
    else entry.delete('force');
  }
}
