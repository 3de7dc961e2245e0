import { gzipSync } from 'node:zlib';
import { silentLogger } from '@signalbox/core';
import { runSource, waitFor } from '@signalbox/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { type HttpOptions, http } from '../src/index.ts';
import { answerJson, type Handler, type ListServer, startListServer } from './list-server.ts';

const group = (...targets: string[]) => [{ targets, labels: { job: 'shop' } }];

async function open(handler: Handler): Promise<ListServer> {
  const server = await startListServer(handler);
  onTestFinished(() => server.close());
  return server;
}

function run(servers: readonly ListServer[], more: Partial<HttpOptions> = {}) {
  const urls = servers.map(({ url }) => url);
  const source = http({ urls, pollIntervalMs: 20, requestTimeoutMs: 10_000, ...more });
  const watched = runSource(source, 'web');
  onTestFinished(() => watched.stop());
  return watched;
}

async function polls(server: ListServer, more = 3): Promise<void> {
  const since = server.requests.length;
  await waitFor(() => server.requests.length >= since + more, { timeoutMs: 20_000 });
}

test('"not modified" keeps the set, and is asked for by the ETag alone', async () => {
  const server = await open(answerJson(group('10.0.0.1:80'), 'W/"7"'));
  const watched = run([server]);
  await watched.until((places) => places.length === 1);
  await polls(server);
  expect(server.requests.at(-1)?.headers).toMatchObject({ 'if-none-match': 'W/"7"' });
  expect(watched.sets).toHaveLength(1);
  server.handle(answerJson(group('10.0.0.1:80', '10.0.0.2:80'), 'W/"8"'));
  await watched.until((places) => places.length === 2);
});

test('"not modified" of one server is about its own answer, not that of another', async () => {
  const one = await open(answerJson(group('10.0.0.1:80'), '"1"'));
  const two = await open(answerJson(group('10.0.0.2:80'), '"1"'));
  const watched = run([one, two]);
  await watched.until(([place]) => place === '10.0.0.1:80');
  const broken: Handler = (_request, response) => void response.writeHead(503).end();
  one.handle(broken);
  await watched.until(([place]) => place === '10.0.0.2:80');
  one.handle(answerJson(group('10.0.0.1:80'), '"1"'));
  two.handle(broken);
  await watched.until(([place]) => place === '10.0.0.1:80');
});

test('"not modified" that nobody asked for is no answer', async () => {
  const server = await open((_request, response) => void response.writeHead(304).end());
  expect(await run([server]).throws()).toMatchObject({ code: 'SOURCE_BAD_RESPONSE', status: 304 });
});

test('another order of groups and targets is no change', async () => {
  const groups = [
    { targets: ['10.0.0.1:80', '10.0.0.2:80'], labels: { job: 'shop' } },
    { targets: ['10.0.0.3:80'], labels: { job: 'shop' } },
    { targets: ['10.0.0.4:80'], labels: { job: 'cart' } },
  ];
  const server = await open(answerJson(groups));
  const watched = run([server]);
  await watched.until((places) => places.length === 4);
  server.handle(answerJson(groups.map((each) => ({ ...each, targets: each.targets.toReversed() })).reverse()));
  await polls(server);
  expect(watched.sets).toHaveLength(1);
});

test('a loss is not called intended, and "none" is a statement', async () => {
  const server = await open(answerJson(group('10.0.0.1:80')));
  const source = http({ urls: [server.url], pollIntervalMs: 20 });
  const controller = new AbortController();
  const watching = source.watch({ id: 'web', signal: controller.signal, logger: silentLogger })[Symbol.asyncIterator]();
  expect((await watching.next()).value).toMatchObject({ services: [{ id: 'web:shop#0' }] });
  server.handle(answerJson([]));
  expect((await watching.next()).value).toEqual({ services: [], warnings: [] });
  controller.abort();
  await watching.return?.();
});

test('groups without the label are named after the source, or as it is set', async () => {
  const server = await open(answerJson([{ targets: ['10.0.0.1:80'], labels: { __meta_app: 'cart' } }]));
  const idOf = async (more: Partial<HttpOptions>): Promise<string | undefined> => {
    const watched = run([server], more);
    await watched.until((places) => places.length === 1);
    return watched.sets[0]?.[0]?.id;
  };
  expect(await idOf({})).toBe('web:web#0');
  expect(await idOf({ serviceName: 'legacy' })).toBe('web:legacy#0');
  expect(await idOf({ serviceLabel: '__meta_app' })).toBe('web:cart#0');
});

const html = '<!DOCTYPE html><html><title>Log in</title></html>';
const bomb = gzipSync(Buffer.alloc(65 * 1024 * 1024, ' '));

const bad: readonly [string, Handler, RegExp][] = [
  [
    'an HTML page',
    (_, response) => void response.setHeader('content-type', 'text/html').end(html),
    /it is an HTML page/,
  ],
  ['an HTML page that says that it is JSON', (_, response) => void response.end(html), /not JSON/],
  ['nothing', (_, response) => void response.end(), /not JSON/],
  ['status 204', (_, response) => void response.writeHead(204).end(), /the answer is 204/],
  ['status 404 with a list', (_, response) => void response.writeHead(404).end('[]'), /the answer is 404/],
  ['half a list', (_, response) => void response.end('[{"targets": ["10.0.0.1:80"]}'), /not JSON/],
  ['YAML', (_, response) => void response.end('services: []'), /not JSON/],
  ['a text', answerJson('none'), /neither a map with "services" nor a list/],
  ['null', answerJson(null), /neither/],
  ['an error in JSON', answerJson({ error: 'try again' }), /services: /],
  ['an error beside services', answerJson({ services: [], error: 'partial' }), /"error"/],
  ['a target without port', answerJson([{ targets: ['10.0.0.1'] }]), /\[0\]\.targets\[0\]: this is not address:port/],
  ['a target with a new line', answerJson(group('10.0.0.1:80\nserver evil')), /not address:port/],
  [
    'more than is read',
    (_, response) => void response.setHeader('content-encoding', 'gzip').end(bomb),
    /ended before|longer/,
  ],
  [
    'less than it promises',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('[]');
      setTimeout(() => response.destroy(), 20);
    },
    /ended before it was complete/,
  ],
  [
    'a redirect',
    (_, response) => void response.writeHead(302, { location: 'https://user:secret@login.example/?token=1' }).end(),
    /a redirect to https:\/\/login\.example\/, which is not followed$/,
  ],
];

test.each(bad)('%s is no list', async (_, handler, message) => {
  const server = await open(handler);
  expect(await run([server]).throws()).toMatchObject({
    code: 'SOURCE_BAD_RESPONSE',
    message: expect.stringMatching(message),
  });
});

test.each(bad.slice(0, 3))('%s gives way to the next URL', async (_, handler) => {
  const watched = run([await open(handler), await open(answerJson(group('10.0.0.2:80')))]);
  await watched.until(([place]) => place === '10.0.0.2:80');
});

test('a server that hangs gives way to the next one, which is then asked first', async () => {
  const hanging = await open(() => {});
  const well = await open(answerJson(group('10.0.0.2:80')));
  const watched = run([hanging, well], { requestTimeoutMs: 300 });
  await watched.until(([place]) => place === '10.0.0.2:80');
  await polls(well);
  expect(hanging.requests).toHaveLength(1);
});

test('a query is sent, and shown in no error', async () => {
  const server = await open((_, response) => void response.writeHead(500).end());
  const error = await run([{ ...server, url: `${server.url}?site=a&key=s3cret` }]).throws();
  expect(server.requests[0]?.url).toBe('/sd?site=a&key=s3cret');
  expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
});
