import { inspect } from 'node:util';
import { type Logger, type SourceError, silentLogger } from '@signalbox/core';
import { afterEach, describe, expect, it } from 'vitest';
import { type MarathonOptions, marathon } from '../src/index.ts';
import { type FakeMarathon, rawApp, startFakeMarathon } from './fake-marathon.ts';
import { runSource } from './run-source.ts';

const password = 'h0rse battery/%';
const header = `Basic ${Buffer.from(`signalbox:${password}`).toString('base64')}`;
const cleanup: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function start(): Promise<FakeMarathon> {
  const fake = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
  cleanup.push(() => fake.stop());
  return fake;
}

function run(options: MarathonOptions, logger: Logger = silentLogger): ReturnType<typeof runSource> {
  const source = runSource(marathon({ coalesceMs: 5, requestTimeoutMs: 1_000, ...options }), { logger });
  cleanup.push(() => source.stop());
  return source;
}

const auth = { basic: { username: 'signalbox', password } };

function redirectEvents(from: FakeMarathon, to: string): void {
  from.handle = (_request, response, path) => {
    if (!path.startsWith('/v2/events')) return false;
    response.writeHead(302, { location: `${to}${path}` }).end();
    return true;
  };
}

describe('credentials', () => {
  it('go with every request, from the options or from the URL, and the prefix is kept', async () => {
    const fake = await start();
    fake.prefix = '/service/marathon';
    const inUrl = `http://signalbox:${encodeURIComponent(password)}@${fake.authority}${fake.prefix}/`;
    await run({ urls: [inUrl] }).until(() => true);
    await run({ urls: [fake.url + fake.prefix], auth }).until(() => true);
    expect(fake.requests).toHaveLength(6);
    expect(new Set(fake.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([header]));
  });

  it('go along with the redirect of a standby to another configured master, with the exact Accept header', async () => {
    const [standby, leader] = [await start(), await start()];
    redirectEvents(standby, leader.url);
    await run({ urls: [standby.url, leader.url], auth }).until(() => true);
    const request = leader.requests.find(({ path }) => path.startsWith('/v2/events'));
    expect(request?.headers).toMatchObject({ authorization: header, accept: 'text/event-stream' });
  });

  it('go along with the redirect to a leader that Marathon announces', async () => {
    const [standby, leader] = [await start(), await start()];
    redirectEvents(standby, leader.url);
    standby.leader = leader.authority;
    await run({ urls: [standby.url], auth }).until(() => true);
    expect(leader.requests.map(({ headers }) => headers.authorization)).toEqual([header]);
  });

  it('never go to a host that is neither configured nor announced', async () => {
    const [standby, stranger] = [await start(), await start()];
    redirectEvents(standby, stranger.url);
    standby.leader = '127.0.0.1:1';
    const error = (await run({ urls: [standby.url], auth }).ended) as SourceError;
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
    expect(error.message).toContain('neither configured nor announced');
    expect(stranger.requests).toEqual([]);
  });

  it('are not sent over a second redirect', async () => {
    const [standby, leader, third] = [await start(), await start(), await start()];
    redirectEvents(standby, leader.url);
    redirectEvents(leader, third.url);
    standby.leader = leader.authority;
    expect(await run({ urls: [standby.url], auth }).ended).toMatchObject({ code: 'SOURCE_BAD_RESPONSE' });
    expect(third.requests).toEqual([]);
  });

  it('appear in no error and no log line', async () => {
    const lines: unknown[] = [];
    const write = (...line: unknown[]): void => void lines.push(line);
    const logger: Logger = { debug: write, info: write, warn: write, error: write, child: () => logger };
    const fake = await start();
    const url = `http://signalbox:${encodeURIComponent(password)}@${fake.authority}`;
    const seen: unknown[] = [];
    for (const status of [401, 404, 500, 302]) {
      fake.handle = (request, response) => {
        response.writeHead(status, { location: url, 'content-type': 'text/plain' });
        response.end(status === 302 ? '' : `no: ${request.url}`);
        return true;
      };
      seen.push(await run({ urls: [url], auth }, logger).ended);
      const probe = marathon({ urls: [url] }).probe?.({ id: 'mesos', signal: new AbortController().signal, logger });
      await probe?.catch((error: unknown) => seen.push(error));
    }
    await fake.stop();
    seen.push(await run({ urls: [url] }, logger).ended);
    const text = inspect([seen, lines], { depth: 12, showHidden: true });
    expect(seen).toHaveLength(9);
    for (const secret of [password, encodeURIComponent(password), header.slice(6)]) expect(text).not.toContain(secret);
  });
});

describe('probe', () => {
  const context = { id: 'mesos', signal: new AbortController().signal, logger: silentLogger };

  it('succeeds when one master answers as a Marathon', async () => {
    const [dead, alive] = [await start(), await start()];
    await dead.stop();
    await marathon({ urls: [dead.url, alive.url] }).probe?.(context);
    await expect.poll(() => alive.socketCount).toBe(0);
  });

  it('says what each master said', async () => {
    const [dead, foreign] = [await start(), await start()];
    await dead.stop();
    foreign.handle = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"up"}');
      return true;
    };
    const error = await marathon({ urls: [dead.url, foreign.url] })
      .probe?.(context)
      .catch((thrown: unknown) => thrown as SourceError);
    expect(error).toMatchObject({ name: 'SourceError' });
    expect((error as SourceError).message).toContain(dead.url);
    expect((error as SourceError).message).toContain(`${foreign.url}/v2/info: it is not that of a Marathon`);
  });
});
