import { FILE_HEADERS_ONLY, formatPatch, type StructuredPatch, structuredPatch } from 'diff';

export interface TextDiff {
  /** Unified diff with `---`/`+++` headers; empty when equal. */
  readonly text: string;
  readonly addedLines: number;
  readonly removedLines: number;
}

/** Beyond this many edits nobody reads the diff, and its cost grows with their square. */
const maxEditLength = 1_000;

/**
 * Unified diff of two texts for people. Secrets must have been masked before. `undefined` stands for "no such file".
 * Two texts with very little in common give the counts and a note instead of the lines.
 */
export function diffText(
  path: string,
  before: string | undefined,
  after: string | undefined,
  contextLines = 3,
): TextDiff {
  if (before === after) return { text: '', addedLines: 0, removedLines: 0 };
  const oldName = before === undefined ? '/dev/null' : path;
  const newName = after === undefined ? '/dev/null' : path;
  const oldLines = toLines(before);
  const newLines = toLines(after);
  const same = findSameEnds(oldLines, newLines, contextLines);
  const middle = (lines: readonly string[]): string => lines.slice(same.start, lines.length - same.end).join('');
  const patch: StructuredPatch | undefined = structuredPatch(
    oldName,
    newName,
    middle(oldLines),
    middle(newLines),
    undefined,
    undefined,
    { context: contextLines, maxEditLength },
  );
  if (patch === undefined) {
    const counts = countDifferentLines(oldLines, newLines);
    const note = `(too many differences to show: ${counts.removedLines} lines removed, ${counts.addedLines} added)`;
    return { text: `--- ${oldName}\n+++ ${newName}\n${note}\n`, ...counts };
  }
  const hunks = patch.hunks.map((hunk) => ({
    ...hunk,
    oldStart: hunk.oldStart + same.start,
    newStart: hunk.newStart + same.start,
  }));
  const lines = hunks.flatMap((hunk) => hunk.lines);
  return {
    text: formatPatch({ ...patch, hunks }, FILE_HEADERS_ONLY),
    addedLines: lines.filter((line) => line.startsWith('+')).length,
    removedLines: lines.filter((line) => line.startsWith('-')).length,
  };
}

/** With their line ends, so that joining them gives the text again. */
function toLines(text = ''): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/**
 * How many lines at both ends are the same, less the lines of context. A generated file of a hundred thousand lines in
 * which one changed is then compared in a millisecond.
 */
function findSameEnds(
  oldLines: readonly string[],
  newLines: readonly string[],
  contextLines: number,
): { start: number; end: number } {
  const shorter = Math.min(oldLines.length, newLines.length);
  let start = 0;
  while (start < shorter && oldLines[start] === newLines[start]) start += 1;
  let end = 0;
  while (end < shorter - start && oldLines.at(-1 - end) === newLines.at(-1 - end)) end += 1;
  return { start: Math.max(0, start - contextLines), end: Math.max(0, end - contextLines) };
}

/** Differences of the two as bags of lines: a lower bound, and exact when nothing was moved. */
function countDifferentLines(
  oldLines: readonly string[],
  newLines: readonly string[],
): { addedLines: number; removedLines: number } {
  const counts = new Map<string, number>();
  for (const line of newLines) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of oldLines) counts.set(line, (counts.get(line) ?? 0) - 1);
  let addedLines = 0;
  let removedLines = 0;
  for (const count of counts.values()) {
    if (count > 0) addedLines += count;
    else removedLines -= count;
  }
  return { addedLines, removedLines };
}
