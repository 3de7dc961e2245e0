import { displayWidth, padText, unlimitedWidth, wrapText } from './wrap-text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

const gap = '  ';
/** Narrower than this, running text is harder to read than when the terminal breaks it. */
const leastTextWidth = 24;

/**
 * Columns with two spaces between them. Where they do not fit into `width`, the last column is broken between words if it is
 * text, and a cell of the first one that is too long gets a line of its own. Without a width every row is one line, so that
 * the usual tools can cut it.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number = unlimitedWidth,
): string {
  return formatRows(columns, rows, width).join('\n');
}

/** The same row by row, the titles first. A row may have several lines. */
export function formatRows(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => widest(lines.map((line) => line[index] ?? '')));
  fitInto(width, widths, columns, lines);
  return lines.map((line) => formatRow(line, columns, widths, width));
}

/** Narrows the last column, then the first one, as far as the width demands it. */
function fitInto(width: number, widths: number[], columns: readonly Column[], lines: readonly (readonly string[])[]) {
  const last = columns.length - 1;
  const excess = (): number => sum(widths) + gap.length * last - width;
  const narrow = (index: number, least: number): void => {
    if (excess() > 0) widths[index] = Math.max(Math.min(widths[index] ?? 0, least), (widths[index] ?? 0) - excess());
  };
  if (columns[last]?.align !== 'right') narrow(last, leastTextWidth);
  // As wide as the widest of those that fit, so that the columns stay close to them.
  const room = (widths[0] ?? 0) - excess();
  if (last === 0 || excess() <= 0) return;
  const [title = '', ...fitting] = lines.map(([first = '']) => first);
  widths[0] = widest([title, ...fitting.filter((each) => displayWidth(each) <= room)]);
}

function formatRow(
  cells: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  width: number,
): string {
  const last = columns.length - 1;
  const [firstWidth = 0] = widths;
  const isSpilled = last > 0 && displayWidth(cells[0] ?? '') > firstWidth;
  const shown = isSpilled ? ['', ...cells.slice(1)] : cells;
  const start = sum(widths.slice(0, -1)) + gap.length * last;
  const row = shown
    .map((cell, index) => {
      if (index < last || columns[index]?.align === 'right') {
        return padText(cell, widths[index] ?? 0, columns[index]?.align);
      }
      return wrapText(cell, Math.max(widths[index] ?? 0, width - start), '').replaceAll('\n', `\n${' '.repeat(start)}`);
    })
    .join(gap)
    .trimEnd();
  return isSpilled ? `${cells[0]}\n${row}` : row;
}

function widest(cells: readonly string[]): number {
  return cells.reduce((width, cell) => Math.max(width, displayWidth(cell)), 0);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
