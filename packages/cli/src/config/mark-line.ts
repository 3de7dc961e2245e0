import { visibleControls } from '../output/text.ts';
import { displayWidth } from '../output/wrap-text.ts';

/** A part of a line, and what to write below it so that it is marked. */
export interface MarkedLine {
  readonly text: string;
  /** As wide as what stands before the part. */
  readonly before: string;
  readonly marks: string;
}

const ellipsis = '…';

/**
 * The line with marks below `length` UTF-16 units from `column` on, which is 1-based. Of a line that is wider than `width` as much
 * as fits around them.
 */
export function markLine(line: string, column: number, length: number, width: number): MarkedLine {
  const start = column - 1;
  const [from, to] = displayWidth(line) <= width ? [0, line.length] : chooseWindow(line, start, start + length, width);
  const left = from > 0 ? ellipsis : '';
  const right = to < line.length ? ellipsis : '';
  const before = `${left}${line.slice(from, start)}`;
  // A place behind the end of the line has a mark, too.
  const marked = line.slice(start, Math.min(to, start + length));
  return {
    text: visibleControls(`${left}${line.slice(from, to)}${right}`),
    // A tab in the line stays a tab before the marks, so that both are equally wide.
    before: before.split('\t').map(spacesFor).join('\t'),
    marks: '^'.repeat(Math.max(1, displayWidth(visibleControls(marked)))),
  };
}

function spacesFor(text: string): string {
  return ' '.repeat(displayWidth(visibleControls(text)));
}

/** Begins at the line's start if the marked part fits then; else a third of the room is for what stands before it. */
function chooseWindow(line: string, start: number, end: number, width: number): readonly [from: number, to: number] {
  const room = width - 2 * ellipsis.length;
  let from = 0;
  if (displayWidth(line.slice(0, Math.min(end, line.length))) > room) {
    from = start;
    while (from > 0 && displayWidth(line.slice(from - 1, start)) <= room / 3) from -= 1;
  }
  let to = Math.min(line.length, from + room);
  while (to > from && displayWidth(line.slice(from, to)) > room) to -= 1;
  return [from, to];
}
