import type { ServerResponse } from 'node:http';
import { withLightPlan } from '../dialects/shared/plan.ts';
import type { MarathonEvent } from './event-json.ts';

export interface EventStreamOptions {
  readonly response: ServerResponse;
  /** Names of the events to deliver; empty for all. */
  readonly eventTypes: readonly string[];
  readonly heartbeatMs: number;
  readonly maxOutstandingEvents: number;
  /** What happens to a reader that owes more: single events are lost without a word, or the connection is closed. */
  readonly overflow: 'drop' | 'disconnect';
  /** Whether events have an `event:` line. */
  readonly namesEvents: boolean;
  /** Whether plans are sent without the apps before and after. */
  readonly lightPlans: boolean;
  /** What is wrong with streams of this node now. */
  readonly fault: () => 'silent' | 'drop' | undefined;
  readonly onClose: () => void;
}

export interface EventStream {
  send(event: MarathonEvent): void;
  /** Breaks the connection. */
  destroy(): void;
}

/** Writes events as Marathon's servlet does: CRLF, no id, no chunks, and the end of the connection as the end of the stream. */
export function openEventStream(options: EventStreamOptions): EventStream {
  const { response, eventTypes, maxOutstandingEvents } = options;
  let outstanding = 0;
  response.useChunkedEncodingByDefault = false;
  response.shouldKeepAlive = false;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream;charset=utf-8',
    'Cache-Control': 'no-cache, no-store, must-revalidate',
    Connection: 'close',
  });
  response.flushHeaders();
  response.socket?.setNoDelay(true);

  const heartbeat = setInterval(() => {
    if (options.fault() === 'silent') return;
    // An empty line in two packets, as Jetty's EventSourceServlet flushes after each of its two bytes.
    response.write('\r');
    setImmediate(() => response.writable && response.write('\n'));
  }, options.heartbeatMs);
  response.once('close', () => {
    clearInterval(heartbeat);
    options.onClose();
  });

  return {
    send(event) {
      if (!response.writable || options.fault() !== undefined) return;
      if (eventTypes.length > 0 && !eventTypes.includes(event.eventType)) return;
      if (outstanding >= maxOutstandingEvents) {
        if (options.overflow === 'disconnect') response.destroy();
        return;
      }
      outstanding += 1;
      const name = options.namesEvents ? `event: ${event.eventType}\r\n` : '';
      const data = JSON.stringify(options.lightPlans ? withLightPlan(event) : event);
      response.write(`${name}data: ${data}\r\n\r\n`, () => {
        outstanding -= 1;
      });
    },
    destroy: () => response.destroy(),
  };
}
