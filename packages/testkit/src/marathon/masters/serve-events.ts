import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StreamDialect } from '../dialects/dialect.ts';
import { answerHtml } from '../rest/answer.ts';
import { openEventStream } from '../stream/event-stream.ts';
import { forward } from './forward.ts';
import type { Master } from './master.ts';
import type { Masters } from './masters.ts';
import { writeAnswer } from './write-answer.ts';

/** `GET /v2/events` at one node. */
export async function serveEvents(
  masters: Masters,
  master: Master,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  dialect: StreamDialect,
): Promise<void> {
  const { settings, hub, leader } = masters;
  const refuse = (status: number, reason: string) =>
    writeAnswer(request, response, answerHtml(status, reason, url.pathname), { leader: undefined });

  // The servlet compares for equality (Jetty's EventSourceServlet).
  if (request.method !== 'GET' || request.headers.accept !== 'text/event-stream') {
    return refuse(405, `HTTP method ${request.method} is not supported by this URL`);
  }
  if (master.faults.get('stream-empty') !== undefined) {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.writeHead(200, { 'Content-Type': 'text/event-stream;charset=utf-8', Connection: 'close' });
    response.end();
    return;
  }
  if (leader === undefined) return refuse(settings.dialect.http.noLeader, 'Could not determine the current leader');
  if (leader !== master && settings.standby !== 'redirect') {
    forward(request, response, {
      leaderOrigin: leader.origin,
      via: master.address,
      passes: settings.standby === 'buffer' ? 'stream-in-bulk' : 'stream',
      leaderRefused: settings.dialect.http.leaderRefused,
    });
    return;
  }
  if (leader !== master) {
    response.writeHead(302, {
      Location: `${leader.origin}${url.pathname}${url.search}`,
      'Content-Length': 0,
      'X-Marathon-Leader': leader.origin,
    });
    response.end();
    return;
  }

  const remoteAddress = request.socket.remoteAddress ?? '';
  const stream = openEventStream({
    response,
    eventTypes: dialect.filters ? url.searchParams.getAll('event_type') : [],
    namesEvents: dialect.namesEvents,
    lightPlans: dialect.plans === 'heavy-by-default' && url.searchParams.get('plan-format') === 'light',
    overflow: dialect.overflow,
    heartbeatMs: settings.heartbeatMs,
    maxOutstandingEvents: settings.maxOutstandingEvents,
    fault: () =>
      master.faults.get('stream-silent') ? 'silent' : master.faults.get('stream-drop') ? 'drop' : undefined,
    onClose: () => {
      hub.detach(stream);
      settings.cluster.publish({ type: 'stream-detached', remoteAddress });
    },
  });
  hub.attach(stream);
  settings.cluster.publish({ type: 'stream-attached', remoteAddress });
}
