import { isEqualData } from '@signalbox/core';
import type { Path } from '../config/tree.ts';
import { count } from '../output/text.ts';

/** Where something is not as expected. */
export interface Mismatch {
  readonly path: Path;
  readonly message: string;
  /** Lines for people: `-` stands before what is expected, `+` before what is there. */
  readonly diff?: readonly string[];
}

/**
 * Every place where actual data lacks something that is expected. Maps may have more keys than expected; lists must be equally long,
 * item by item. Strings of one line and other plain values are compared as they are.
 */
export function compareData(expected: unknown, actual: unknown, path: Path): readonly Mismatch[] {
  if (Array.isArray(expected)) return compareLists(expected, actual, path);
  if (isRecord(expected) && isRecord(actual)) {
    return Object.entries(expected).flatMap(([key, value]) =>
      value === undefined
        ? []
        : compareData(value, Object.hasOwn(actual, key) ? actual[key] : undefined, [...path, key]),
    );
  }
  return isEqualData(expected, actual) ? [] : [differs(expected, actual, path)];
}

function compareLists(expected: readonly unknown[], actual: unknown, path: Path): readonly Mismatch[] {
  if (!Array.isArray(actual)) return [differs(expected, actual, path)];
  if (expected.length !== actual.length) {
    const message = `expected ${count(expected.length, 'item')}, there are ${actual.length}`;
    return [{ path, message, diff: diffLines(expected.map(toText), actual.map(toText)) }];
  }
  return expected.flatMap((item, index) => compareData(item, actual[index], [...path, index]));
}

function differs(expected: unknown, actual: unknown, path: Path): Mismatch {
  if (actual === undefined) return { path, message: 'is not there', diff: [`- ${toText(expected)}`] };
  return { path, message: 'differs', diff: [`- ${toText(expected)}`, `+ ${toText(actual)}`] };
}

/** Lines that both have stand without a mark, where they stand in what is there. */
export function diffLines(expected: readonly string[], actual: readonly string[]): readonly string[] {
  const missing = expected.filter((line) => !actual.includes(line)).map((line) => `- ${line}`);
  return [...missing, ...actual.map((line) => `${expected.includes(line) ? ' ' : '+'} ${line}`)];
}

/** Data on one line, as YAML could have it. */
export function toText(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
