import { keepsLimit, type Row } from '../measurement.ts';
import { formatLimit, formatRatio, formatValue } from './format.ts';

const headings = ['what', 'value', 'ratio', 'limit', 'ok', 'n'] as const;

/** Cells of all measurements, so that every table has columns of the same width. */
export function toCells(row: Row): readonly string[] {
  const kept = keepsLimit(row);
  const mark = kept === undefined ? '' : kept ? 'yes' : 'NO';
  return [row.what, formatValue(row), formatRatio(row), formatLimit(row), mark, String(row.samples)];
}

export function renderTable(title: string, rows: readonly Row[]): string {
  const lines = [headings, ...rows.map(toCells)];
  const widths = headings.map((_, column) => Math.max(...lines.map((cells) => cells[column]?.length ?? 0)));
  const [head = '', ...body] = lines.map((cells) =>
    cells
      // Numbers stand at the right of their column, words at the left.
      .map((cell, column) =>
        column === 1 || column === 5 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [title, head, '─'.repeat(Math.max(...[head, ...body].map(({ length }) => length))), ...body, ''].join('\n');
}
