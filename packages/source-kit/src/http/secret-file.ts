import { readFile } from 'node:fs/promises';
import { messageOf, SourceError } from '@signalbox/core';

/**
 * A file of credentials or certificates that somebody may replace at any time. It is small, so it is read whenever it is
 * needed; that misses no change, as looking at its time stamp would.
 */
export class SecretFile {
  readonly #option: string;
  readonly #path: string;
  #last: string | undefined;

  /** @param option - as the operator wrote it, for messages: `tls.caFile` */
  constructor(option: string, path: string) {
    this.#option = option;
    this.#path = path;
  }

  /**
   * What is in the file now, without white space around it. While it is being replaced and cannot be read, what was in it
   * before: should that no longer do, the upstream says so.
   *
   * @throws {SourceError} `SOURCE_UNREACHABLE` when it could never be read.
   */
  async read(): Promise<string> {
    try {
      const text = (await readFile(this.#path, 'utf8')).trim();
      // A file that is written in place is empty for a moment.
      if (text !== '' || this.#last === undefined) this.#last = text;
    } catch (error) {
      if (this.#last === undefined) {
        throw new SourceError(`reading the file of the option "${this.#option}": ${messageOf(error)}`, {
          code: 'SOURCE_UNREACHABLE',
          cause: error,
          hint: 'check the path and the rights of the file',
        });
      }
    }
    return this.#last;
  }
}
