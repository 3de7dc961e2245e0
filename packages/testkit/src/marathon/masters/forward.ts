import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp, type ServerResponse } from 'node:http';
import { request as requestHttps } from 'node:https';
import { answerHtml } from '../rest/answer.ts';
import { createHoldBack } from './hold-back.ts';
import { writeAnswer } from './write-answer.ts';

/** `leader_proxy_read_timeout_ms`. */
const readTimeoutMs = 10_000;

/** Headers that belong to one connection. */
const hopHeaders = ['connection', 'keep-alive', 'transfer-encoding', 'proxy-connection', 'upgrade', 'te'];

export interface ForwardOptions {
  /** Origin of the leader. */
  readonly leaderOrigin: string;
  /** `host:port` of this node. */
  readonly via: string;
  /** An answer, or an event stream, which must not be chunked; `stream-in-bulk` holds it back until there is a buffer full. */
  readonly passes: 'answer' | 'stream' | 'stream-in-bulk';
  /** The status when the leader takes no connection. */
  readonly leaderRefused: number;
}

/** Passes a request to the leader, as a standby does (MS/api/LeaderProxyFilter.scala, MS/api/forwarder). */
export function forward(request: IncomingMessage, response: ServerResponse, options: ForwardOptions): void {
  const via = `1.1 ${options.via}`;
  const fail = (status: number, reason: string) => {
    if (response.headersSent) response.destroy();
    else void writeAnswer(request, response, answerHtml(status, reason, request.url ?? '/'), { leader: undefined });
  };
  if (request.headers['x-marathon-via'] !== undefined) {
    fail(502, 'Detected proxying loop.');
    return;
  }
  const send = options.leaderOrigin.startsWith('https:') ? requestHttps : requestHttp;
  const upstream = send(
    options.leaderOrigin + request.url,
    {
      method: request.method ?? 'GET',
      headers: {
        ...withoutHopHeaders(request.headers),
        'x-marathon-via': via,
        'x-forwarded-for': request.socket.remoteAddress ?? '',
      },
      agent: false,
      // Both ends are this simulator.
      rejectUnauthorized: false,
      timeout: readTimeoutMs,
    },
    (answer) => {
      if (options.passes !== 'answer') {
        response.useChunkedEncodingByDefault = false;
        response.shouldKeepAlive = false;
      }
      response.writeHead(answer.statusCode ?? 502, { ...withoutHopHeaders(answer.headers), 'X-Marathon-Via': via });
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      if (options.passes === 'stream-in-bulk') answer.pipe(createHoldBack()).pipe(response);
      else answer.pipe(response);
    },
  );
  upstream.once('timeout', () => upstream.destroy(new Error('time-out')));
  upstream.once('error', (error) => {
    if (error.message === 'time-out') fail(504, 'Timeout while reading from the leader.');
    else fail(options.leaderRefused, 'Connection to leader refused.');
  });
  response.once('close', () => upstream.destroy());
  request.pipe(upstream);
}

function withoutHopHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopHeaders.includes(name)));
}
