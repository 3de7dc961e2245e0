import { SinkError } from '@signalbox/core';

/** Takes the answer to `show servers state` as it comes. */
export interface ServerStateReader {
  /** A piece of the answer, cut anywhere. */
  push(piece: string): void;
  /** @throws {SinkError} SINK_APPLY_FAILED when it was no such table, e.g. `Can't find backend.`, or a row is shorter than the header says. */
  end(): void;
}

/**
 * Reads some columns of every row, and lets the others be: at 40,000 servers taking all apart costs three times as much. `visit` gets the values in
 * the order of `names`, in an array that is used again for the next row. They are parts of a piece, and V8 keeps all of that in memory for as long as
 * one of them is kept.
 */
export function createServerStateReader(
  names: readonly string[],
  visit: (values: readonly string[]) => void,
): ServerStateReader {
  const values = names.map(() => '');
  let layout: Layout | undefined;
  /** What came behind the last line end; before the header is known, all that came. */
  let rest = '';
  let failure: { readonly error: unknown } | undefined;

  const readRows = ({ row, order }: Layout, text: string, { start, end }: { start: number; end: number }): void => {
    row.lastIndex = start;
    while (row.lastIndex < end) {
      const at = row.lastIndex;
      const found = row.exec(text);
      if (found === null) throw createRowError(text.slice(at, end));
      for (let group = 0; group < order.length; group += 1) values[order[group] ?? 0] = found[group + 1] ?? '';
      visit(values);
    }
  };
  const read = (text: string, isLast: boolean): void => {
    let start = 0;
    if (layout === undefined) {
      const header = findHeader(text, isLast);
      if (header === undefined) {
        rest = text;
        return;
      }
      layout = layoutOf(header.line, names);
      start = header.end;
    }
    const lineEnd = isLast ? text.length : text.lastIndexOf('\n');
    let end = lineEnd;
    while (end > start && text[end - 1] === '\n') end -= 1;
    rest = text.slice(Math.max(start, lineEnd));
    readRows(layout, text, { start, end });
  };
  return {
    push(piece) {
      if (failure !== undefined) return;
      try {
        read(rest + piece, false);
      } catch (error) {
        // This is called by the connection, and whoever sent the command asks at the end.
        failure = { error };
      }
    },
    end() {
      if (failure !== undefined) throw failure.error;
      read(rest, true);
    },
  };
}

/** What is told by the header of a table: a pattern for one row, and for each of its groups the place among the values. */
interface Layout {
  readonly row: RegExp;
  readonly order: readonly number[];
}

/** The last one. A process has one header for all its tables, and making the pattern takes ten times as long as reading one server. */
let known: { readonly line: string; readonly names: readonly string[]; readonly layout: Layout } | undefined;

function layoutOf(line: string, names: readonly string[]): Layout {
  if (known?.line === line && known.names === names) return known.layout;
  const header = line.split(' ');
  const places = names.map((name) => indexOfColumn(header, name));
  const order = places.map((_, place) => place).sort((left, right) => (places[left] ?? 0) - (places[right] ?? 0));
  const layout = { row: rowPattern(new Set(places)), order };
  // A copy: the line is a part of the answer.
  known = { line: header.join(' '), names, layout };
  return layout;
}

/**
 * For one row, with a group for each of these columns. An expression rather than a loop over the letters: it is twice as fast, and four times
 * where nothing is compiled yet, which after a minute without work is always.
 */
function rowPattern(places: ReadonlySet<number>): RegExp {
  const columns = Array.from({ length: Math.max(...places) + 1 }, (_, column) =>
    places.has(column) ? '([^ \\n]*)' : '[^ \\n]*',
  );
  return new RegExp(`\\n*${columns.join(' ')}[^\\n]*\\n?`, 'y');
}

/** Undefined while it is not there as a whole. `end` is where the rows begin. */
export function findHeader(text: string, isLast: boolean): { readonly line: string; readonly end: number } | undefined {
  const found = /^\n*1\n# ([^\n]*)(\n?)/.exec(text);
  if (found?.[1] !== undefined && (found[2] !== '' || isLast)) return { line: found[1], end: found[0].length };
  if (!isLast) return undefined;
  const [line = ''] = text.trimStart().split('\n', 1);
  throw new SinkError(`reading the state of the servers: HAProxy answers "${line.slice(0, 200)}"`, {
    code: 'SINK_APPLY_FAILED',
  });
}

export function indexOfColumn(header: readonly string[], name: string): number {
  const index = header.indexOf(name);
  if (index !== -1) return index;
  throw new SinkError(`reading the state of the servers: there is no column "${name}"`, {
    code: 'SINK_APPLY_FAILED',
    hint: 'this version of HAProxy is not supported',
  });
}

function createRowError(text: string): SinkError {
  const [row = ''] = text.trimStart().split('\n', 1);
  return new SinkError(`reading the state of the servers: a row is "${row.slice(0, 200)}"`, {
    code: 'SINK_APPLY_FAILED',
  });
}
