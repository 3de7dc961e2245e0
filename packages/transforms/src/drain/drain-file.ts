import { closeSync, constants, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ConfigError, delay, messageOf, type PluginContext, watchFolders } from '@signalbox/core';
import { type Drain, type DrainFileContent, parseDrains } from './parse-drains.ts';

/** What counts now: the drains that have not ended, and those that have. */
export interface DrainState {
  readonly active: readonly Drain[];
  readonly ended: readonly Drain[];
  readonly problems: readonly string[];
}

const pollMs = 1_000;
/** A writer that does not rename is done when the text is the same after this time. */
const quietMs = 100;
const maxBytes = 1_048_576;
/** A named pipe would keep its reader waiting for a writer. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK;

/** The file with the drains: its last good content, and what of it counts at this time. */
export class DrainFile {
  readonly #path: string;
  /** The text that was read last and understood; empty for a file that is not there. */
  #text: string | undefined;
  #content: DrainFileContent = { drains: [], problems: [] };
  #state: DrainState | undefined;
  /** Why the newest text does not count. */
  #failure: string | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Reads the file when it is asked for the first time; after that, `changes` keeps it current.
   * @throws {ConfigError} as long as the file could never be understood.
   */
  get state(): DrainState {
    if (this.#state === undefined) this.#accept(this.#readNow());
    return this.#state as DrainState;
  }

  /** Yields when something else counts: other drains in the file, or one that has ended. */
  async *changes({ signal, logger }: PluginContext): AsyncGenerator<void> {
    const folder = dirname(this.#path);
    for await (const _ of watchFolders({ folders: () => [folder], intervalMs: pollMs, quietMs, signal })) {
      const before = this.#state;
      const failure = await this.#update(signal);
      if (signal.aborted) return;
      if (failure !== undefined && failure !== this.#failure) {
        logger.warn({ file: this.#path }, `${failure}; what it said before stays in force`);
      }
      this.#failure = failure;
      if (this.#state !== undefined) this.#state = this.#stateAt(Date.now());
      for (const { text, until } of this.#state?.ended ?? []) {
        if (before?.active.some((drain) => drain.text === text && drain.until === until)) {
          logger.info({ file: this.#path }, `the drain of ${text} has ended`);
        }
      }
      if (before !== this.#state) yield;
    }
  }

  /** Takes new content over, once it stands still. Returns why it could not. */
  async #update(signal: AbortSignal): Promise<string | undefined> {
    try {
      const text = await this.#read();
      if (text === this.#text && this.#state !== undefined) return undefined;
      await delay(quietMs, signal);
      // Whoever is still writing will be seen at the next look.
      if ((await this.#read()) === text) this.#accept(text);
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  #accept(text: string): void {
    this.#content = parseDrains(text, this.#path);
    this.#text = text;
    this.#state = undefined;
    this.#state = this.#stateAt(Date.now());
  }

  /** The same object as long as the same counts. */
  #stateAt(now: number): DrainState {
    const { drains, problems } = this.#content;
    const active = drains.filter(({ endsAt }) => endsAt > now);
    if (this.#state !== undefined && this.#state.active.length === active.length) return this.#state;
    return { active, ended: drains.filter(({ endsAt }) => endsAt <= now), problems };
  }

  /** Warnings about the file itself. */
  get problems(): readonly string[] {
    return [...(this.#failure === undefined ? [] : [this.#failure]), ...(this.#state?.problems ?? [])];
  }

  #readNow(): string {
    try {
      const file = openSync(this.#path, flags);
      try {
        const buffer = Buffer.alloc(maxBytes + 1);
        return toText(buffer, readSync(file, buffer, 0, buffer.length, 0));
      } finally {
        closeSync(file);
      }
    } catch (error) {
      return this.#explainUnreadable(error);
    }
  }

  async #read(): Promise<string> {
    try {
      const file = await open(this.#path, flags);
      try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
        return toText(buffer, bytesRead);
      } finally {
        await file.close();
      }
    } catch (error) {
      return this.#explainUnreadable(error);
    }
  }

  /** No file is a statement: there are no drains. */
  #explainUnreadable(error: unknown): string {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new ConfigError(`${this.#path} cannot be read: ${messageOf(error)}`, {
      code: 'CONFIG_UNREADABLE',
      cause: error,
      hint: 'let the user that runs signalbox read it',
    });
  }
}

function toText(buffer: Buffer, length: number): string {
  if (length > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
  return buffer.toString('utf8', 0, length);
}
