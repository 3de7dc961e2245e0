import { logEvents } from './log-events.ts';
import { createEdge } from './pipeline.ts';

const [config, port, ...urls] = process.argv.slice(2);
if (config === undefined || urls.length === 0) throw new Error('usage: main <haproxy.cfg> <port> <marathon url> …');

const pipeline = createEdge({ urls, config, port: Number(port) });
logEvents(pipeline, console.log);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
await pipeline.run(stop.signal);
