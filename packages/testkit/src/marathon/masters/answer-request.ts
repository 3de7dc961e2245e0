import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { SimulatorError } from '../error.ts';
import { disturbAnswer } from '../faults/disturb-answer.ts';
import { answerError, answerHtml, type RestAnswer, type RestRequest } from '../rest/answer.ts';
import { route } from '../rest/routes.ts';
import { forward } from './forward.ts';
import type { Master } from './master.ts';
import type { Masters } from './masters.ts';
import { readBody } from './read-body.ts';
import { serveEvents } from './serve-events.ts';
import { writeAnswer } from './write-answer.ts';

/** Answers one request at one node, with whatever is wrong with that node. */
export async function answerRequest(
  masters: Masters,
  master: Master,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { settings } = masters;
  const url = new URL(request.url ?? '/', master.origin);
  const path = decodeURIComponent(url.pathname).slice(settings.prefix.length);
  const write = (answer: RestAnswer) => writeAnswer(request, response, answer, { leader: undefined });

  if (!isAuthorized(request, settings.credentials) || master.faults.get('unauthorized') !== undefined) {
    const headers = { 'WWW-Authenticate': 'basic realm="Mesosphere"' };
    return write({ status: 401, headers, contentType: 'text/html;charset=iso-8859-1', body: '' });
  }
  if (!url.pathname.startsWith(`${settings.prefix}/`)) return write(answerHtml(404, 'Not Found', url.pathname));
  const { http, stream } = settings.dialect;
  if (path === '/v2/events' && stream !== undefined)
    return serveEvents(masters, master, request, response, url, stream);

  masters.countRequest();
  if (master.faults.get('hang') !== undefined) return;
  await wait(master.faults.get('slow')?.delayMs ?? 0);
  const leader = masters.leader;
  const standsBy = leader !== undefined && leader !== master;
  if (standsBy && !isDisturbed(master)) {
    forward(request, response, {
      leaderOrigin: leader.origin,
      via: master.address,
      passes: 'answer',
      leaderRefused: http.leaderRefused,
    });
    return;
  }
  const answer =
    leader === undefined
      ? answerHtml(http.noLeader, 'Could not determine the current leader', path)
      : answerAsLeader(masters, await readRequest(request, path, url));
  const disturbed = disturbAnswer(master.faults, path, answer);
  await writeAnswer(request, response, disturbed.answer, {
    leader: http.announcesLeader ? leader?.origin : undefined,
    breaksOff: disturbed.breaksOff,
  });
}

/** A standby that misbehaves by itself answers in place of the leader. */
function isDisturbed({ faults }: Master): boolean {
  return (['status', 'empty-object', 'empty-apps', 'truncated'] as const).some(
    (kind) => faults.get(kind) !== undefined,
  );
}

function answerAsLeader(masters: Masters, request: RestRequest): RestAnswer {
  const { cluster, dialect } = masters.settings;
  if (request.path === '/ping') return answerPing(request.accept);
  try {
    return route(
      { cluster, dialect, leader: masters.leader?.address, abdicate: () => void masters.changeLeader() },
      request,
    );
  } catch (error) {
    if (error instanceof SimulatorError) return answerError(error);
    throw error;
  }
}

/** MS/api/SystemResource.scala. */
function answerPing(accept: string): RestAnswer {
  if (/text\/(plain|\*)|\*\/\*/.test(accept) || accept === '') {
    return { status: 200, contentType: 'text/plain', body: 'pong' };
  }
  if (/application\/(json|\*)/.test(accept)) {
    return { status: 200, contentType: 'application/json', body: '"pong"' };
  }
  return { status: 204, contentType: 'text/plain', body: '' };
}

async function readRequest(request: IncomingMessage, path: string, url: URL): Promise<RestRequest> {
  return {
    method: request.method ?? 'GET',
    path,
    query: url.searchParams,
    body: await readBody(request),
    clientIp: String(request.headers['x-forwarded-for'] ?? request.socket.remoteAddress ?? ''),
    accept: request.headers.accept ?? '',
  };
}

function isAuthorized(
  request: IncomingMessage,
  credentials: { readonly username: string; readonly password: string } | undefined,
): boolean {
  if (credentials === undefined) return true;
  const token = Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64');
  return request.headers.authorization?.replace(/^basic /i, '') === token;
}
