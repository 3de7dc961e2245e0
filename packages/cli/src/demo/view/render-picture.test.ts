import { expect, test } from 'vitest';
import { createColors } from '../../output/colors.ts';
import type { Happening } from './happening.ts';
import { renderPicture } from './render-picture.ts';
import { symbolSets } from './symbols.ts';
import type { Picture } from './view.ts';

const quiet = { cutOff: 0, failed: 0 };
const picture: Picture = {
  elapsedMs: 65_300,
  proxy: 'HAProxy 2.6.12',
  acts: ['kept', 'broken', 'now', 'waiting'],
  title: '3 of 4: Rolling deploy',
  story: 'every task of /shop/api is replaced, in two steps, each when the successors are ready',
  services: [
    {
      name: '/shop/api',
      address: 'api.example.com:18080 :18083',
      endpoints: ['up', 'up', 'draining', 'down'],
      requests: { sent: 1_234, answered: 1_232, cutOff: 0, failed: 2 },
    },
    { name: '/shop/ledger', address: ':18084', endpoints: ['up'], requests: { sent: 99, answered: 99, ...quiet } },
  ],
  requests: { sent: 1_333, answered: 1_331, cutOff: 0, failed: 2 },
  reloads: 1,
  runtimeApplies: 12,
  sourceHealth: 'stale',
  sinkHealth: 'in-sync',
};
const happenings: readonly Happening[] = [
  { atMs: 64_000, kind: 'act', text: '3 of 4: Rolling deploy' },
  { atMs: 64_100, kind: 'runtime', text: '/shop/api: server 127.0.64.1:31004 drained, and 2 more changes (3 ms)' },
  { atMs: 65_300, kind: 'failure', text: '/shop/api through host api.example.com: status 503' },
];

function render(width: number, height = 24, symbols = symbolSets.unicode): string {
  return renderPicture(picture, happenings, { width, height, colors: createColors(false), symbols });
}

test('at 60 columns', () => {
  expect(`\n${render(60)}\n`).toMatchInlineSnapshot(`
    "
    signalbox demo   Marathon → Signalbox → HAProxy 2.6.12  1:05
    ✓✗▸·  3 of 4: Rolling deploy
      every task of /shop/api is replaced, in two steps, each w…

    service       address           endpoints   requests  failed
    /shop/api     api.example.com…   2  ●●◐○       1 234       2
    /shop/ledger  :18084             1  ●             99       0

    requests 1 333  failed 2  cut off by a crash 0
    reloads 1  runtime 12 changes  Marathon stale  HAProxy in-s…

      64.0 s  act       3 of 4: Rolling deploy
      64.1 s  runtime   /shop/api: server 127.0.64.1:31004 drai…
      65.3 s  failure   /shop/api through host api.example.com:…
    "
  `);
});

test('at 80 columns', () => {
  expect(`\n${render(80)}\n`).toMatchInlineSnapshot(`
    "
    signalbox demo   Marathon → Signalbox → HAProxy 2.6.12                      1:05
    ✓✗▸·  3 of 4: Rolling deploy
      every task of /shop/api is replaced, in two steps, each when the successors a…

    service       address                       endpoints   requests  failed
    /shop/api     api.example.com:18080 :18083   2  ●●◐○       1 234       2
    /shop/ledger  :18084                         1  ●             99       0

    requests 1 333  failed 2  cut off by a crash 0
    reloads 1  runtime 12 changes  Marathon stale  HAProxy in-sync

      64.0 s  act       3 of 4: Rolling deploy
      64.1 s  runtime   /shop/api: server 127.0.64.1:31004 drained, and 2 more chan…
      65.3 s  failure   /shop/api through host api.example.com: status 503
    "
  `);
});

test('at 120 columns', () => {
  expect(`\n${render(120)}\n`).toMatchInlineSnapshot(`
    "
    signalbox demo   Marathon → Signalbox → HAProxy 2.6.12                                                              1:05
    ✓✗▸·  3 of 4: Rolling deploy
      every task of /shop/api is replaced, in two steps, each when the successors are ready

    service       address                       endpoints   requests  failed
    /shop/api     api.example.com:18080 :18083   2  ●●◐○       1 234       2
    /shop/ledger  :18084                         1  ●             99       0

    requests 1 333  failed 2  cut off by a crash 0
    reloads 1  runtime 12 changes  Marathon stale  HAProxy in-sync

      64.0 s  act       3 of 4: Rolling deploy
      64.1 s  runtime   /shop/api: server 127.0.64.1:31004 drained, and 2 more changes (3 ms)
      65.3 s  failure   /shop/api through host api.example.com: status 503
    "
  `);
});

test('without Unicode, only ASCII is written', () => {
  expect(render(80, 24, symbolSets.ascii)).toMatch(/^[\x20-\x7e\n]*$/);
});

test.each([1, 20, 40, 59, 79, 200])('no line is wider than %i columns', (width) => {
  const widths = render(width)
    .split('\n')
    .map(({ length }) => length);
  // The table of services keeps its names and numbers at any width; below that a terminal is of no use.
  expect(Math.max(...widths)).toBeLessThanOrEqual(Math.max(width, 60));
});

test.each([1, 5, 12, 13, 14, 40])('of %i rows none is exceeded, and the newest happenings are shown', (height) => {
  const lines = render(80, height).split('\n');
  expect(lines.length).toBeLessThanOrEqual(height);
  const room = height - 11;
  expect(lines.some((line) => line.includes('status 503'))).toBe(room >= 1);
  expect(lines.some((line) => line.includes('127.0.64.1'))).toBe(room >= 2);
});

test('colours change nothing but colours', () => {
  const painted = renderPicture(picture, happenings, {
    width: 80,
    height: 24,
    colors: createColors(true),
    symbols: symbolSets.unicode,
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
  expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(render(80));
  expect(painted).not.toBe(render(80));
});

const promises =
  'no request fails; one reload at most; every new task answers within 10 s; everything agrees in the end';

test.each([60, 80, 100])('what an act promises can be read to its end at %i columns', (width) => {
  const text = renderPicture(picture, [{ atMs: 64_000, kind: 'promise', text: promises }], {
    width,
    height: 24,
    colors: createColors(false),
    symbols: symbolSets.unicode,
  });
  expect(text.replace(/\s+/g, ' ')).toContain(promises);
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
});

test('a promise of several lines pushes older happenings out, and never what is above', () => {
  const told: readonly Happening[] = [...happenings, { atMs: 66_000, kind: 'promise', text: promises }];
  const lines = renderPicture(picture, told, {
    width: 80,
    height: 14,
    colors: createColors(false),
    symbols: symbolSets.unicode,
  }).split('\n');
  expect(lines).toHaveLength(14);
  expect(lines.at(-1)).toContain('in the end');
});
