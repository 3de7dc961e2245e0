import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { messageOf, type Pipeline, PipelineError } from '@signalbox/core';
import { EventCounts } from './event-counts.ts';
import { parseListenAddress } from './listen-address.ts';
import { renderMetrics } from './metrics.ts';
import { readProcessSamples, readSamples } from './read-samples.ts';
import { findUnready, toStatusData } from './status-data.ts';

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const plain = 'text/plain; charset=utf-8';
/** Prometheus' "exposition formats", text format. */
const exposition = 'text/plain; version=0.0.4; charset=utf-8';
const requestTimeoutMs = 10_000;
const maxConnections = 64;

/** What a running Signalbox tells over HTTP: metrics, health and status. Read only. It outlives the pipelines that a reload replaces. */
export class Admin {
  readonly #counts = new EventCounts();
  #pipeline: Pipeline | undefined;
  #listen: string | undefined;
  #server: Server | undefined;

  /**
   * Listens there from now on, or nowhere. The old address is given up once the new one is had.
   * @throws {PipelineError} `ADMIN_REFUSED`
   */
  async listen(address: string | undefined): Promise<void> {
    if (address === this.#listen) return;
    const server = address === undefined ? undefined : await this.#open(address);
    await this.close();
    this.#server = server;
    this.#listen = address;
  }

  /** Returns the way to stop it. */
  show(pipeline: Pipeline): () => void {
    this.#pipeline = pipeline;
    return pipeline.subscribe((event) => this.#counts.take(event));
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#listen = undefined;
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #open(address: string): Promise<Server> {
    const server = createServer((request, response) => {
      const { status, type, body } = this.#answer(request.method ?? '', request.url ?? '');
      response.writeHead(status, {
        'content-type': type,
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      response.end(request.method === 'HEAD' ? undefined : body);
    });
    server.requestTimeout = requestTimeoutMs;
    server.headersTimeout = requestTimeoutMs;
    server.maxConnections = maxConnections;
    const failed = once(server, 'error').then(([error]) => Promise.reject(error));
    try {
      server.listen(parseListenAddress(address));
      await Promise.race([once(server, 'listening'), failed]);
    } catch (cause) {
      throw new PipelineError(`listening on ${address} for the admin endpoint: ${messageOf(cause)}`, {
        code: 'ADMIN_REFUSED',
        cause,
        hint: 'end what listens there, or choose another address for "admin.listen"',
      });
    }
    // A connection that fails, or a process out of file handles, is nothing that the pipeline must end for.
    failed.catch(() => {});
    server.on('error', () => {});
    // A scrape that is open keeps no process from ending.
    server.unref();
    return server;
  }

  #answer(method: string, url: string): Answer {
    if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: plain, body: 'only GET and HEAD\n' };
    const status = this.#pipeline?.status;
    switch (url.replace(/\?.*/s, '')) {
      case '/healthz':
        return { status: 200, type: plain, body: 'ok\n' };
      case '/readyz': {
        const missing = status === undefined ? ['no pipeline runs yet'] : findUnready(status);
        const body = missing.length === 0 ? 'ready\n' : `${missing.join('\n')}\n`;
        return { status: missing.length === 0 ? 200 : 503, type: plain, body };
      }
      case '/metrics': {
        if (status !== undefined) this.#counts.include(status);
        const samples = [...(status === undefined ? [] : readSamples(status)), ...this.#counts.samples()];
        return { status: 200, type: exposition, body: renderMetrics([...samples, ...readProcessSamples()]) };
      }
      case '/status': {
        const body = status === undefined ? {} : toStatusData(status);
        return { status: 200, type: 'application/json', body: `${JSON.stringify(body, undefined, 2)}\n` };
      }
      default:
        return { status: 404, type: plain, body: 'there are /healthz, /readyz, /metrics and /status\n' };
    }
  }
}
