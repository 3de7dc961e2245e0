import { SourceError } from '@signalbox/core';
import {
  authorityOf,
  type Deadline,
  headerOf,
  showUrl,
  startDeadline,
  withoutCredentials,
} from '@signalbox/source-kit';
import { type Dispatcher, request } from 'undici';
import { sendAuthorized } from '../auth/send-authorized.ts';
import type { MarathonClient } from '../client/client.ts';
import { badAnswer, networkError } from '../client/failures.ts';
import { RefusedAnswer } from '../client/get-json.ts';
import type { Master } from '../client/master.ts';
import { usefulEventTypes } from './classify-event.ts';

export interface OpenStream extends Disposable {
  /** The master that was asked; a redirect may have led to another one. */
  readonly master: Master;
  /** Safe to show. */
  readonly url: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly deadline: Deadline;
}

export interface OpenStreamOptions {
  readonly client: MarathonClient;
  readonly master: Master;
  /** For the head of the answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** `plan-format=light` keeps the whole tree of apps out of deployment events (1.5.9+). */
const query = `?plan-format=light&${usefulEventTypes.map((type) => `event_type=${type}`).join('&')}`;

/**
 * Connects to the event stream of one master and follows the one redirect that a standby gives since 1.7: by hand, because
 * credentials have to go along, and only to a host that is configured or that Marathon announces as its leader.
 *
 * @throws {RefusedAnswer | SourceError} when this master gives no stream.
 */
export async function openStream(options: OpenStreamOptions): Promise<OpenStream> {
  const { client, master } = options;
  const first = await connect(options, `${master.url}/v2/events${query}`, master);
  const location = headerOf(first.answer, 'location');
  if (first.answer.statusCode < 300 || first.answer.statusCode >= 400 || location === undefined) {
    return await accept(first, master);
  }
  end(first);
  const target = await resolveRedirect(options, location);
  const second = await connect(options, target.url, target.master);
  return await accept(second, client.masters.find(target.master.authority) ?? master);
}

interface Connected {
  readonly answer: Dispatcher.ResponseData;
  readonly deadline: Deadline;
  readonly url: string;
  readonly authorization: string | undefined;
}

/** Connects once more when the credentials had to be renewed. */
async function connect(options: OpenStreamOptions, url: string, master: Master): Promise<Connected> {
  const { client, timeoutMs, signal } = options;
  let refused: Connected | undefined;
  const context = { agent: client.agent, timeoutMs, signal };
  try {
    const connected = await sendAuthorized(
      master.credentials,
      context,
      (authorization) => connectOnce(options, url, authorization),
      (sent) => {
        if (sent.answer.statusCode === 401) refused = sent;
        return sent === refused;
      },
    );
    if (connected === refused) refused = undefined;
    return connected;
  } finally {
    if (refused !== undefined) end(refused);
  }
}

async function connectOnce(
  { client, timeoutMs, signal }: OpenStreamOptions,
  url: string,
  authorization: string | undefined,
): Promise<Connected> {
  const shown = showUrl(url);
  // Ends the whole stream, so it has no time-out of its own; the head is bounded by the request's.
  const deadline = startDeadline(signal);
  try {
    const answer = await request(url, {
      dispatcher: client.agent,
      headers: {
        // Compared for equality by Jetty's EventSourceServlet: anything more in it gives 405.
        accept: 'text/event-stream',
        'accept-encoding': 'identity',
        'cache-control': 'no-cache',
        ...(authorization !== undefined && { authorization }),
      },
      headersTimeout: timeoutMs,
      bodyTimeout: 0,
      signal: deadline.signal,
    });
    // Without a listener, destroying a body that nobody reads any more would be an uncaught error.
    answer.body.on('error', () => {});
    return { answer, deadline, url: shown, authorization };
  } catch (error) {
    deadline[Symbol.dispose]();
    signal.throwIfAborted();
    throw networkError(error, shown);
  }
}

function end({ deadline }: Connected): void {
  deadline.abort();
  deadline[Symbol.dispose]();
}

async function accept(connected: Connected, master: Master): Promise<OpenStream> {
  const { answer, deadline, url } = connected;
  const contentType = headerOf(answer, 'content-type') ?? '';
  if (answer.statusCode === 200 && /^text\/event-stream\b/i.test(contentType)) {
    return {
      master,
      url,
      body: answer.body,
      deadline,
      [Symbol.dispose]: () => end(connected),
    };
  }
  try {
    if (answer.statusCode === 200) throw badAnswer(url, `it is no event stream but "${contentType.slice(0, 60)}"`);
    const body = withoutCredentials(await readStart(answer, deadline), connected.authorization);
    throw new RefusedAnswer({ url, status: answer.statusCode, contentType, body });
  } finally {
    end(connected);
  }
}

/** Enough of a refusal to quote it, and never a wait for the rest of it. */
async function readStart(answer: Dispatcher.ResponseData, deadline: Deadline): Promise<string> {
  const timer = setTimeout(() => deadline.abort(), 2_000);
  let text = '';
  try {
    for await (const chunk of answer.body) {
      text += String(chunk);
      if (text.length > 64 * 1024) break;
    }
  } catch {
    // What arrived is enough.
  } finally {
    clearTimeout(timer);
  }
  return text;
}

async function resolveRedirect(
  { client, master, signal }: OpenStreamOptions,
  location: string,
): Promise<{ readonly url: string; readonly master: Master }> {
  const shown = showUrl(location, master.url);
  const refuse = (why: string): SourceError =>
    new SourceError(`opening the event stream of ${master.url}: it leads to ${shown}, ${why}`, {
      code: 'SOURCE_UNREACHABLE',
      url: shown,
      hint: 'list the URLs of all masters in "urls", under the names by which they announce themselves',
    });
  if (!URL.canParse(location, `${master.url}/`)) throw refuse('which is no URL');
  const target = new URL(location, `${master.url}/`);
  const authority = authorityOf(target);
  const configured = client.masters.find(target.host);
  if (configured !== undefined && configured !== master)
    return { url: `${configured.url}/v2/events${query}`, master: configured };
  if (target.protocol !== 'https:' && (target.protocol !== 'http:' || master.url.startsWith('https:'))) {
    throw refuse('which would send credentials unencrypted');
  }
  const announced = await client.readLeader(master, signal);
  if (announced === undefined || !sameHost(announced, target, authority)) {
    throw refuse('which is neither configured nor announced as the leader');
  }
  const { credentials } = master;
  return {
    url: target.href,
    master: {
      url: `${target.protocol}//${target.host}`,
      authority,
      ...(credentials !== undefined && { credentials }),
    },
  };
}

function sameHost(announced: string, target: URL, authority: string): boolean {
  const text = `${target.protocol}//${announced}`;
  return URL.canParse(text) && authorityOf(new URL(text)) === authority;
}
