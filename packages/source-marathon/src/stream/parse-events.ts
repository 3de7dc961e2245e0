import { createParser } from 'eventsource-parser';
import { isObject, type JsonObject, textOf } from '../mapping/read-fields.ts';

export interface MarathonEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly data: JsonObject;
}

/** Before 1.5.9 a deployment event carries all groups and apps twice: several megabytes on one line. */
const maxEventCharacters = 256 * 1024 * 1024;

export interface EventParser {
  /** Takes bytes as they come: borders may lie inside a line end or a character. */
  feed(chunk: Uint8Array): void;
}

/**
 * Parses the bytes of one event stream. What is not JSON is skipped, because an event is only a hint; an event that the end
 * of the stream cut off is never given out. The type is read from `eventType` inside the data: 0.9 and 0.10 send no `event:`.
 */
export function createEventParser(onEvent: (event: MarathonEvent) => void): EventParser {
  const decoder = new TextDecoder('utf-8');
  let broken: Error | undefined;
  const parser = createParser({
    maxBufferSize: maxEventCharacters,
    onEvent({ event, data }) {
      const value = parseData(data);
      const type = textOf(value?.eventType) ?? event;
      if (value !== undefined && type !== undefined) {
        onEvent({ type, timestamp: textOf(value.timestamp) ?? '', data: value });
      }
    },
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') broken = error;
    },
  });
  return {
    feed(chunk) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (broken !== undefined) throw broken;
    },
  };
}

function parseData(data: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
