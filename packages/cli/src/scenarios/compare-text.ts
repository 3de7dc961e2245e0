import { messageOf } from '@signalbox/core';
import type { Path } from '../config/tree.ts';
import type { Mismatch } from './compare-data.ts';
import type { TextExpectation } from './scenario-file.ts';

/** Every expectation about the text of one file that does not hold. */
export function compareText(name: string, text: string, expected: TextExpectation, path: Path): readonly Mismatch[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [
    ...check(expected.contains, 'contains', path, (fragment) =>
      find(toLines(fragment), lines) < 0
        ? { message: `is not in ${name}`, diff: diffClosest(fragment, lines) }
        : undefined,
    ),
    ...check(expected.notContains, 'notContains', path, (fragment) => {
      const line = find(toLines(fragment), lines);
      return line < 0 ? undefined : { message: `is in ${name}, line ${line + 1}`, diff: [`+ ${lines[line]}`] };
    }),
    ...check(expected.matches, 'matches', path, (pattern) => matchPattern(pattern, name, text)),
  ];
}

type Verdict = Omit<Mismatch, 'path'> | undefined;

function check(
  fragments: string | readonly string[] | undefined,
  key: string,
  path: Path,
  judge: (fragment: string) => Verdict,
): readonly Mismatch[] {
  const list = fragments === undefined ? [] : [fragments].flat();
  return list.flatMap((fragment, index) => {
    const verdict = judge(fragment);
    const place = typeof fragments === 'string' ? [...path, key] : [...path, key, index];
    return verdict === undefined ? [] : [{ path: place, ...verdict }];
  });
}

function matchPattern(pattern: string, name: string, text: string): Verdict {
  try {
    if (new RegExp(pattern, 'm').test(text)) return undefined;
  } catch (error) {
    return { message: messageOf(error) };
  }
  return { message: `matches nothing in ${name}`, diff: [`- ${pattern}`] };
}

function toLines(fragment: string): readonly string[] {
  return fragment
    .trim()
    .split('\n')
    .map((line) => line.trim());
}

/** The line at which a fragment begins, from 0; -1 when it is nowhere. */
function find(fragment: readonly string[], lines: readonly string[]): number {
  const [only] = fragment;
  if (fragment.length === 1 && only !== undefined) return lines.findIndex((line) => line.includes(only));
  return lines.findIndex((_, start) => fragment.every((line, offset) => lines[start + offset] === line));
}

/** The place that has the most words in common, with what differs there. */
function diffClosest(text: string, lines: readonly string[]): readonly string[] {
  const fragment = toLines(text);
  const words = fragment.map((line) => line.split(/\s+/));
  let best = { start: -1, score: 0 };
  for (let start = 0; start < lines.length; start += 1) {
    const score = words.reduce((sum, wanted, offset) => sum + shareOf(wanted, lines[start + offset] ?? ''), 0);
    if (score > best.score) best = { start, score };
  }
  if (best.start < 0) return fragment.map((line) => `- ${line}`);
  const place = fragment.flatMap((line, offset) => {
    const actual = lines[best.start + offset] ?? '';
    return line === actual ? [`  ${line}`] : [`- ${line}`, `+ ${actual}`];
  });
  return [`closest, from line ${best.start + 1}:`, ...place];
}

function shareOf(words: readonly string[], line: string): number {
  const there = new Set(line.split(/\s+/));
  return words.filter((word) => word !== '' && there.has(word)).length / words.length;
}
