import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { messageOf } from '@signalbox/core';
import { ConfigProblemsError, type Problem } from './problems.ts';

/** What an error code of the file system means here, and what to do about it; for a missing file the caller knows. */
const unreadable: Readonly<Record<string, readonly [message: string, advice?: string]>> = {
  ENOENT: ['there is no such file'],
  EISDIR: ['this is a directory', 'name the file within it'],
  EACCES: [
    'this user may not read the file',
    'let the user that runs signalbox read it, and search the folders above it',
  ],
};

/** @throws {ConfigProblemsError} `CONFIG_UNREADABLE`, with what to do about it */
export async function readTextFile(file: string, shown: string, adviceWhenMissing: string): Promise<string> {
  const fail = (message: string, advice: string, { line, column } = { line: 0, column: 0 }): never => {
    const problem: Problem = {
      code: 'CONFIG_UNREADABLE',
      file: shown,
      line,
      column,
      length: 0,
      path: [],
      message,
      advice,
    };
    throw new ConfigProblemsError([problem]);
  };
  const bytes = await readFile(file).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const [message, advice = adviceWhenMissing] = unreadable[code] ?? [`reading the file: ${messageOf(error)}`];
    return fail(message, advice);
  });
  // Without the byte order mark.
  const text = new TextDecoder('utf-8').decode(bytes);
  const odd = isUtf8(bytes) ? text.indexOf('\0') : text.search(/[\0\uFFFD]/);
  if (odd < 0) return text;
  // What is left of UTF-16 when it is read as UTF-8: every other byte of plain words is a NUL, which YAML knows nowhere.
  const looksWide = odd < 2 && text.includes('\0');
  if (text[odd] === '\0' && !looksWide)
    return fail('the file holds a NUL character', 'take it out', positionOf(text, odd));
  const advice = looksWide ? 'save it as UTF-8; it looks like UTF-16' : 'save it as UTF-8';
  return fail('the file is not UTF-8 text', advice, positionOf(text, odd));
}

function positionOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}
