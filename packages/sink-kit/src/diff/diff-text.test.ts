import { applyPatch } from 'diff';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffText } from './diff-text.ts';

const text = (count: number, change: (line: number) => string | undefined = () => undefined): string =>
  Array.from({ length: count }, (_, index) => `${change(index + 1) ?? `line ${index + 1}`}\n`).join('');

test('equal texts give nothing', () => {
  expect(diffText('a.cfg', 'x\n', 'x\n')).toEqual({ text: '', addedLines: 0, removedLines: 0 });
});

test('a change in the middle has its place and its context', () => {
  const after = text(30, (line) => (line === 20 ? 'changed' : undefined));
  expect(diffText('a.cfg', text(30), after, 1)).toEqual({
    text: '--- a.cfg\n+++ a.cfg\n@@ -19,3 +19,3 @@\n line 19\n-line 20\n+changed\n line 21\n',
    addedLines: 1,
    removedLines: 1,
  });
});

test('a new and a removed file', () => {
  expect(diffText('a.cfg', undefined, 'x\n').text).toBe('--- /dev/null\n+++ a.cfg\n@@ -0,0 +1,1 @@\n+x\n');
  expect(diffText('a.cfg', 'x\n', undefined).text).toBe('--- a.cfg\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n');
});

test('what has too little in common is only counted', () => {
  const result = diffText(
    'a.cfg',
    text(5_000),
    text(5_000, (line) => `other ${line}`),
  );
  expect(result).toMatchObject({ addedLines: 5_000, removedLines: 5_000 });
  expect(result.text).toContain('too many differences');
});

test('one change in a large file is found fast', () => {
  const before = text(200_000);
  const after = text(200_000, (line) => (line === 100_000 ? 'changed' : undefined));
  const startedAt = performance.now();
  expect(diffText('a.cfg', before, after).addedLines).toBe(1);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('the diff turns the one text into the other', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 });
  fc.assert(
    fc.property(lines, lines, fc.boolean(), (left, right, closed) => {
      const [before, after] = [left, right].map((part) => part.join('\n') + (closed ? '\n' : '')) as [string, string];
      const diff = diffText('a.cfg', before, after);
      if (before !== after) expect(applyPatch(before, diff.text)).toBe(after);
    }),
  );
});
