import type { Output } from '../host.ts';
import type { Colors } from './colors.ts';
import { printable, printableLines } from './text.ts';
import { wrapLabelled, wrapText } from './wrap-text.ts';

/** Takes log records as lines of JSON and writes them for people: time, level, message, then the fields that are left. */
export function createPrettyStream(output: Output, colors: Colors, width: () => number): { write(line: string): void } {
  return { write: (line) => void output.write(`${formatRecord(JSON.parse(line), colors, width())}\n`) };
}

interface LogRecord {
  readonly level: string;
  readonly time: string;
  readonly message?: string;
  readonly error?: { readonly message?: string; readonly hint?: string; readonly stack?: string };
  readonly hint?: string;
  readonly [field: string]: unknown;
}

export function formatRecord(record: LogRecord, colors: Colors, width: number): string {
  const { level, time, message = '', error, hint = error?.hint, event, ...fields } = record;
  const paint =
    { debug: colors.dim, info: colors.green, warn: colors.yellow, error: colors.red }[level] ?? colors.magenta;
  // The message of an event says all that its fields say; what a plugin logs is not ours to know.
  const rest = Object.entries(event === undefined || event === 'plugin-log' ? fields : {}).map(([key, value]) =>
    colors.dim(`${key}=${formatField(value)}`),
  );
  const clock = /T(\d{2}:\d{2}:\d{2})/.exec(time)?.[1] ?? time;
  const parts = [colors.dim(clock), paint(level.padEnd(5)), printableLines(message), ...rest];
  if (error?.message !== undefined && !message.includes(error.message))
    parts.push(colors.dim(`error=${formatField(error.message)}`));
  const margin = ' '.repeat(clock.length + 7);
  const lines = [wrapText(parts.join(' '), width, margin)];
  if (hint !== undefined) lines.push(wrapLabelled(`${margin}${colors.cyan('hint:')} `, printableLines(hint), width));
  if (error?.stack !== undefined) lines.push(colors.dim(error.stack.replace(/^/gm, margin)));
  return lines.join('\n');
}

function formatField(value: unknown): string {
  if (typeof value === 'string' && /^[\w./:@-]+$/.test(value)) return value;
  return printable(JSON.stringify(value) ?? 'undefined');
}
