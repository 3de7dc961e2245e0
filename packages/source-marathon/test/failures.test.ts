import { readFileSync } from 'node:fs';
import { type Logger, type SourceError, silentLogger } from '@signalbox/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type MarathonOptions, marathon } from '../src/index.ts';
import { type FakeMarathon, json, rawApp, taskIdOf } from './fake-marathon.ts';
import { byId, portsOf, runSource, type SourceRun } from './run-source.ts';
import { follow, startFake } from './scene.ts';

interface ErrorSample {
  readonly case: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const web = 'mesos:/shop/web#web';
const samples = JSON.parse(
  readFileSync(new URL('../src/fixtures/errors.json', import.meta.url), 'utf8'),
) as ErrorSample[];

const run = (masters: readonly FakeMarathon[], options: Partial<MarathonOptions> = {}, logger?: Logger): SourceRun =>
  follow(masters, { requestTimeoutMs: 1_000, ...options }, logger);

function answerApps(fake: FakeMarathon, status: number, headers: Record<string, string>, body: string): void {
  fake.handle = (_request, response, path) => {
    if (!path.startsWith('/v2/apps')) return false;
    response.writeHead(status, headers).end(body);
    return true;
  };
}

describe('an answer that is no list of apps', () => {
  const asJson = { 'content-type': 'application/json' };
  it.each([
    ['an empty object', asJson, '{}'],
    ['apps of another type', asJson, '{"apps":{}}'],
    ['null', asJson, 'null'],
    ['a cut-off list', asJson, '{"apps":[{"id":"/a"'],
    ['nothing', asJson, ''],
    ['an HTML page', { 'content-type': 'text/html' }, '<html><title>Sign in</title></html>'],
    ['apps of a wrong shape', asJson, '{"apps":[{"id":"/a","instances":"three"}]}'],
    ['apps whose tasks were left out', asJson, '{"apps":[{"id":"/a","instances":3}]}'],
    ['fewer bytes than announced', { ...asJson, 'content-length': '900' }, '{"apps":[]}'],
  ])('%s is a bad response and not an empty set', async (_name, headers, body) => {
    const fake = await startFake();
    answerApps(fake, 200, headers, body);
    // A body that is shorter than announced ends with the connection.
    if ('content-length' in headers) {
      fake.handle = (_request, response, path) => {
        if (!path.startsWith('/v2/apps')) return false;
        response.writeHead(200, headers);
        response.write(body, () => response.destroy());
        return true;
      };
    }
    const source = run([fake]);
    expect(await source.ended).toMatchObject({ code: 'SOURCE_BAD_RESPONSE', retryable: true });
    expect(source.snapshots).toEqual([]);
  });
});

describe('a refusal', () => {
  const expectedCodes: Record<string, string> = {
    'no leader known, old': 'SOURCE_UNREACHABLE',
    'no leader known, new': 'SOURCE_UNREACHABLE',
    'standby cannot reach the leader': 'SOURCE_UNREACHABLE',
    'proxy loop between Marathon nodes': 'SOURCE_UNREACHABLE',
    'no such route, old': 'SOURCE_NOT_FOUND',
    'no such route, new': 'SOURCE_NOT_FOUND',
    'bad label selector': 'SOURCE_BAD_RESPONSE',
    'too many concurrent requests': 'SOURCE_UNREACHABLE',
    'basic auth missing or wrong': 'SOURCE_UNAUTHORIZED',
    'DC/OS router, token missing or expired': 'SOURCE_UNAUTHORIZED',
    'plugin denies the identity': 'SOURCE_UNAUTHORIZED',
  };
  it.each(samples.filter((sample) => sample.case in expectedCodes))('$case', async (sample) => {
    const fake = await startFake();
    const body = typeof sample.body === 'string' ? sample.body : JSON.stringify(sample.body);
    answerApps(fake, sample.status, sample.headers, body);
    expect(await run([fake]).ended).toMatchObject({ code: expectedCodes[sample.case], status: sample.status });
  });

  it('covers every sample that a read can meet', () => {
    const others = samples.map((sample) => sample.case).filter((name) => !(name in expectedCodes));
    expect(others).toEqual([
      'standby answers the event stream with a redirect',
      'leader without a current leader entry',
      'unknown app',
      'unknown pod (status)',
      'event stream without the exact Accept header',
      'app locked by a deployment (write only)',
      'validation error (write only)',
      'text/plain task list switched off',
    ]);
  });

  it('is unreachable where nothing listens', async () => {
    const fake = await startFake();
    await fake.stop();
    expect(await run([fake]).ended).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });

  it('is a time-out where nothing is answered', async () => {
    const fake = await startFake();
    fake.handle = (_request, _response, path) => path.startsWith('/v2/apps');
    expect(await run([fake], { requestTimeoutMs: 100 }).ended).toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });
});

describe('one broken app', () => {
  it('is told once, keeps its last good services, and leaves the others alone', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_fields, message) => void warnings.push(message) };
    const fake = await startFake(rawApp('/shop/web', [31_001]), rawApp('/shop/api', [31_500]));
    const source = run([fake], { resyncMs: 30 }, logger);
    await source.until(() => true);
    fake.apps = [{ id: '/shop/web', instances: 1, tasks: 'many' as never }, rawApp('/shop/api', [31_501])];
    const snapshot = await source.until((services) => portsOf(services, 'mesos:/shop/api#web')?.[0] === 31_501);
    expect(portsOf(byId(snapshot), web)).toEqual([31_001]);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('/shop/web');
  });
});

describe('several masters', () => {
  it('asks the next one when the first fails', async () => {
    const [dead, alive] = [await startFake(), await startFake(rawApp('/shop/web', [31_001]))];
    await dead.stop();
    await run([dead, alive]).until((services) => services.has(web));
  });

  it('opens the stream at the leader', async () => {
    const [standby, leader] = [
      await startFake(rawApp('/shop/web', [31_001])),
      await startFake(rawApp('/shop/web', [31_001])),
    ];
    standby.leader = leader.authority;
    await run([standby, leader]).until(() => true);
    expect([standby.streamCount, leader.streamCount]).toEqual([0, 1]);
  });

  it('goes on at another master when the stream ends, with a full read', async () => {
    const [first, second] = [
      await startFake(rawApp('/shop/web', [31_001])),
      await startFake(rawApp('/shop/web', [31_002])),
    ];
    const source = run([first, second]);
    await source.until((services) => portsOf(services, web)?.[0] === 31_001);
    first.handle = (_request, response) => {
      response.destroy();
      return true;
    };
    first.closeStreams();
    await source.until((services) => portsOf(services, web)?.[0] === 31_002);
  });

  it('takes a stream that ends without an event for one of a master that does not lead', async () => {
    const [elected, leader] = [
      await startFake(rawApp('/shop/web', [31_001])),
      await startFake(rawApp('/shop/web', [31_001])),
    ];
    elected.handle = (_request, response, path) => {
      if (!path.startsWith('/v2/events')) return false;
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end();
      return true;
    };
    await run([elected, leader]).until(() => true);
    expect(leader.streamCount).toBe(1);
    const alone = run([elected]);
    expect(await alone.ended).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });

  it('names all of them when none answers', async () => {
    const [first, second] = [await startFake(), await startFake()];
    await Promise.all([first.stop(), second.stop()]);
    const error = (await run([first, second]).ended) as SourceError;
    expect(error.message).toContain(first.url);
    expect(error.message).toContain(second.url);
  });
});

describe('a silent stream', () => {
  it('is opened again, with a full read, and given up when it stays silent', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = run([fake], { streamIdleTimeoutMs: 600 });
    await source.until(() => true);
    fake.apps = [rawApp('/shop/web', [31_002])];
    await source.until((services) => portsOf(services, web)?.[0] === 31_002);
    expect(await source.ended).toMatchObject({ code: 'SOURCE_TIMEOUT' });
  });
});

describe('a Marathon without event stream', () => {
  it('is polled', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    fake.handle = (_request, response, path) => {
      if (!path.startsWith('/v2/events')) return false;
      json(response, 500, { message: 'URI not found' });
      return true;
    };
    const source = run([fake], { pollIntervalMs: 30 });
    await source.until(() => true);
    fake.apps = [rawApp('/shop/web', [31_002])];
    await source.until((services) => portsOf(services, web)?.[0] === 31_002);
  });

  it('is polled without asking for a stream when that is switched off', async () => {
    const fake = await startFake(rawApp('/shop/web', [31_001]));
    const source = run([fake], { stream: 'off', pollIntervalMs: 30 });
    await source.until(() => true);
    fake.apps = [rawApp('/shop/web', [31_002])];
    await source.until((services) => portsOf(services, web)?.[0] === 31_002);
    expect(fake.requests.some(({ path }) => path.startsWith('/v2/events'))).toBe(false);
    answerApps(fake, 503, {}, '');
    expect(await source.ended).toMatchObject({ code: 'SOURCE_UNREACHABLE' });
  });
});

describe('starting again on the same source', () => {
  it('keeps verdicts, shows nothing before it has read, and begins with what is true now', async () => {
    const check = { healthChecks: [{ protocol: 'HTTP', gracePeriodSeconds: 300 }] };
    const healthy = { healthCheckResults: [{ alive: true, lastSuccess: '2020-03-02T09:01:00.000Z' }] };
    const app = rawApp('/shop/web', [31_001, 31_002], check);
    for (const task of app.tasks) Object.assign(task, healthy, { startedAt: new Date().toISOString() });
    const fake = await startFake(app);
    const source = marathon({ urls: [fake.url], coalesceMs: 5 });
    const first = runSource(source);
    await first.until(() => true);
    await first.stop();

    for (const task of app.tasks) task.healthCheckResults = [];
    app.tasks.pop();
    const second = runSource(source);
    onTestFinished(async () => {
      await second.stop();
    });
    const snapshot = await second.until(() => true);
    expect(byId(snapshot).get(web)?.endpoints).toMatchObject([
      { id: taskIdOf('/shop/web', 31_001), health: 'healthy' },
    ]);
  });
});
