import type { Pipeline } from '@signalbox/core';

/** Writes what happens, one line each. */
export function logEvents(pipeline: Pipeline, write: (line: string) => void): void {
  pipeline.subscribe((event) => {
    switch (event.type) {
      case 'source-sync':
        if (event.changed) write(`${event.source}: ${event.services} services, ${event.endpoints} endpoints`);
        break;
      case 'source-error':
        write(`${event.source}: ${event.error.message}, next try in ${event.retryInMs} ms`);
        break;
      case 'guard-hold':
        write(`${event.source}: held back, because ${event.hold.reason}`);
        break;
      case 'sink-apply':
        for (const { target, summary } of event.changes) write(`${event.sink}: ${target}: ${summary}`);
        break;
      case 'sink-error':
        write(`${event.sink}: ${event.error.message}, next try in ${event.retryInMs} ms`);
        break;
    }
  });
}
