import { withAbort } from '@signalbox/core';
import type { Output } from '../host.ts';

/** Writes JSON lines as fast as they are read, and no faster. */
export class LineWriter {
  readonly #output: Output;
  readonly #point: string;
  readonly #limit: number;
  #lines = 0;
  #isBlocked = false;

  constructor(output: Output, point: string, limit: number) {
    this.#output = output;
    this.#point = point;
    this.#limit = limit;
  }

  /** Whether as many lines were written as were asked for. */
  get isFull(): boolean {
    return this.#lines >= this.#limit;
  }

  /** Whether a line was written that nobody has read yet. */
  get isBlocked(): boolean {
    return this.#isBlocked;
  }

  /** Resolves when the line has left the process; throws the signal's reason when it is aborted first. */
  async write(record: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<void> {
    this.#lines += 1;
    this.#isBlocked = true;
    const line = JSON.stringify({ time: new Date().toISOString(), point: this.#point, ...record });
    const written = new Promise<void>((resolve) => {
      this.#output.write(`${line}\n`, () => {
        this.#isBlocked = false;
        resolve();
      });
    });
    await withAbort(written, signal);
  }
}
