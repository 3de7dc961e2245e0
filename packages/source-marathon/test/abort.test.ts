import { afterEach, describe, expect, it } from 'vitest';
import { marathon } from '../src/index.ts';
import { type FakeMarathon, rawApp, startFakeMarathon } from './fake-marathon.ts';
import { runSource } from './run-source.ts';

let fake: FakeMarathon | undefined;

afterEach(async () => {
  await fake?.stop();
});

type Prepare = (fake: FakeMarathon) => void;

const hang =
  (prefix: string): Prepare =>
  (target) => {
    target.handle = (_request, _response, path) => path.startsWith(prefix);
  };
const hangInBody: Prepare = (target) => {
  target.handle = (_request, response, path) => {
    if (!path.startsWith('/v2/apps')) return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"apps":[');
    return true;
  };
};
const noEvents: Prepare = (target) => {
  target.attach = false;
};

describe('abort', () => {
  it.each<[string, Prepare, string, 'auto' | 'off']>([
    ['while live', () => {}, '/v2/apps', 'auto'],
    ['while connecting to the stream', hang('/v2/events'), '/v2/events', 'auto'],
    ['while waiting to be attached', noEvents, '/v2/events', 'auto'],
    ['while waiting for the apps', hang('/v2/apps'), '/v2/apps', 'auto'],
    ['in the middle of the apps', hangInBody, '/v2/apps', 'auto'],
    ['between two polls', () => {}, '/v2/apps', 'off'],
  ])(
    '%s ends within a second without an error, and leaves no socket and no timer',
    async (_name, prepare, path, stream) => {
      fake = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
      prepare(fake);
      const target = fake;
      const timersBefore = countTimers();
      const source = runSource(marathon({ urls: [fake.url], stream }));
      await expect.poll(() => target.requests.some((request) => request.path.startsWith(path))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const startedAtMs = performance.now();
      expect(await source.stop()).toBeUndefined();
      expect(performance.now() - startedAtMs).toBeLessThan(1_000);
      await expect.poll(() => target.socketCount).toBe(0);
      expect(countTimers()).toBeLessThanOrEqual(timersBefore);
    },
  );

  it('releases everything when the consumer stops to iterate', async () => {
    fake = await startFakeMarathon([rawApp('/shop/web', [31_001])]);
    const target = fake;
    const { signal } = new AbortController();
    const logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => logger };
    for await (const _update of marathon({ urls: [fake.url] }).watch({ id: 'mesos', signal, logger })) break;
    await expect.poll(() => target.socketCount).toBe(0);
  });
});

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}
