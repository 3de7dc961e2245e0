import { Cell, type Inspection, isPipelineError, messageOf, type Pipeline, type PipelineEvent } from '@signalbox/core';
import { describeEvent } from '../output/describe-event.ts';
import type { LineWriter } from './line-writer.ts';

/** As many as a reader that pauses for a moment may catch up with; older ones are dropped. */
const mostWaiting = 1_000;

/** Keeps the newest events for a reader that may be slow. */
export class EventQueue {
  readonly unsubscribe: () => void;
  readonly #arrived = new Cell<true>();
  #waiting: PipelineEvent[] = [];
  #dropped = 0;

  constructor(pipeline: Pick<Pipeline, 'subscribe'>) {
    this.unsubscribe = pipeline.subscribe((event) => {
      this.#waiting.push(event);
      if (this.#waiting.length > mostWaiting) {
        this.#waiting.shift();
        this.#dropped += 1;
      }
      this.#arrived.set(true);
    });
  }

  /** The oldest event that is kept, and how many were dropped before it. Throws the signal's reason when it is aborted. */
  async next(signal: AbortSignal): Promise<{ readonly event: PipelineEvent; readonly skipped: number }> {
    for (;;) {
      const { version } = this.#arrived;
      const event = this.#waiting.shift();
      if (event !== undefined) {
        const skipped = this.#dropped;
        this.#dropped = 0;
        return { event, skipped };
      }
      await this.#arrived.changedSince(version, signal);
    }
  }
}

/** Writes what happens, in the words of the log. Ends when enough was written. */
export async function followEvents({ signal }: Inspection, writer: LineWriter, queue: EventQueue): Promise<void> {
  while (!writer.isFull) {
    const { event, skipped } = await queue.next(signal);
    const { level, message, fields } = describeEvent(event);
    const { error, ...rest } = fields;
    await writer.write(
      {
        kind: 'event',
        ...(skipped > 0 && { skipped }),
        event: event.type,
        level,
        message,
        ...rest,
        ...(isPipelineError(error) && { error: { code: error.code, message: messageOf(error), hint: error.hint } }),
      },
      signal,
    );
  }
}
