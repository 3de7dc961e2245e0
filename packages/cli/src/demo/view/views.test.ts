import { expect, test } from 'vitest';
import { createColors } from '../../output/colors.ts';
import { fit, formatCount, wrap } from './fit.ts';
import { createScreen } from './screen.ts';
import { chooseSymbols, symbolSets } from './symbols.ts';

const look = { colors: createColors(false), symbols: symbolSets.unicode };

test('what is no terminal gets a line for each happening, uncut', async () => {
  const written: string[] = [];
  const screen = createScreen({ write: (text) => written.push(text) }, look);
  const text = `a task of /shop/cart ${'very '.repeat(30)}long`;
  await screen.drawDuring(
    () => expect.fail('nothing is drawn'),
    async () => screen.narrator.tell('note', text),
  );
  expect(written).toEqual([expect.stringMatching(/^ +0\.\d s {2}note {6}a task .* long\n$/)]);
});

test('text from outside cannot move the cursor', () => {
  const written: string[] = [];
  createScreen({ write: (text) => written.push(text) }, look).narrator.tell('source', 'a\u001b[2Jb\nc');
  expect(written.join('')).toContain('a\\x1b[2Jb\\x0ac');
});

test('a task is told once for each change', () => {
  const written: string[] = [];
  const { narrator } = createScreen({ write: (text) => written.push(text) }, look);
  const task = 'shop_web.instance-0f03c2e8-1cbc-1109-a586-ce0f4159cd09._app.1';
  for (const kind of ['running', 'running', 'ending', 'ended'] as const)
    narrator.onTask({ task, app: '/shop/web', kind });
  expect(written.map((line) => line.slice(20).trimEnd())).toEqual([
    '/shop/web task 0f03 runs',
    '/shop/web task 0f03 is asked to end',
    '/shop/web task 0f03 has ended',
  ]);
});

test('an applied plan names services, not backends', () => {
  const written: string[] = [];
  const { narrator } = createScreen({ write: (text) => written.push(text) }, look);
  const change = (action: 'runtime' | 'reload', summary: string, ...services: string[]) => ({
    action,
    target: 'a_shop-web',
    summary,
    services,
  });
  const apply = { type: 'sink-apply', at: 0, sink: 'haproxy', catalogVersion: 2, durationMs: 2.4 } as const;
  const web = 'marathon:/shop/web#http';
  narrator.onPipelineEvent({
    ...apply,
    changes: [change('runtime', 'server added', web), change('runtime', 'x', web)],
  });
  narrator.onPipelineEvent({ ...apply, changes: [change('runtime', 'x', web), change('reload', 'HAProxy reloads')] });
  expect(written.map((line) => line.slice(10).trimEnd())).toEqual([
    'runtime   /shop/web: server added, and 1 more change (3 ms)',
    'reload    HAProxy reloads, and 1 more change (3 ms)',
  ]);
});

test.each([
  [{ LANG: 'C.UTF-8' }, symbolSets.unicode],
  [{ LANG: 'en_GB.utf8' }, symbolSets.unicode],
  [{ LANG: 'en_GB.utf8', LC_ALL: 'C' }, symbolSets.ascii],
  [{ LANG: 'en_GB.utf8', LC_ALL: '' }, symbolSets.unicode],
  [{}, symbolSets.ascii],
])('the locale %j decides about symbols', (environment, symbols) => {
  expect(chooseSymbols(environment)).toBe(symbols);
});

test('text is cut and broken by width', () => {
  expect(fit('abcdef', 6, '…')).toBe('abcdef');
  expect(fit('abcdef', 4, '…')).toBe('abc…');
  expect(fit('abcdef', 0, '…')).toBe('');
  expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
  expect(formatCount(1_234_567)).toBe('1 234 567');
});
