import type { PlacedDrain } from '@signalbox/transforms';
import { roundedDuration } from '../config/durations.ts';
import { readDrains } from '../drain/drain-store.ts';
import { findDrainFile } from '../drain/find-drain-file.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { formatRows } from '../output/format-table.ts';
import { printable } from '../output/text.ts';

export interface DrainListOptions {
  readonly transform?: string;
}

export async function execute(invocation: Invocation, { transform }: DrainListOptions): Promise<ExitCode> {
  const { file, place } = await findDrainFile(invocation, transform);
  const { entries } = await readDrains(file);
  const nowMs = Date.now();
  if (invocation.json) {
    const drains = entries.map((entry) => toJson(entry, nowMs));
    invocation.print(JSON.stringify({ file, transform: place, drains }, undefined, 2));
  } else if (entries.length === 0) invocation.print(`no drains in ${file}`);
  else invocation.print(render(entries, nowMs, invocation));
  return exitCodes.ok;
}

function toJson({ position, drain, problem }: PlacedDrain, nowMs: number): object {
  if (drain === undefined) return { position, problem };
  const { text, until, reason, force, endsAt } = drain;
  return { position, selector: text, until, reason, force, active: endsAt > nowMs };
}

function render(entries: readonly PlacedDrain[], nowMs: number, { colors, width }: Invocation): string {
  const columns = [
    { title: '#', align: 'right' as const },
    { title: 'UNTIL' },
    { title: 'LEFT', align: 'right' as const },
    { title: 'SELECTOR' },
    { title: 'REASON' },
  ];
  const rows = entries.map(({ position, drain, problem }) => {
    if (drain === undefined) return [String(position), '-', 'ignored', '-', printable(problem ?? '')];
    const { text, until, reason, force, endsAt } = drain;
    const left = endsAt > nowMs ? roundedDuration(endsAt - nowMs) : 'ended';
    return [String(position), until, left, printable(text), `${printable(reason)}${force ? ' (force)' : ''}`];
  });
  const [head = '', ...shown] = formatRows(columns, rows, width);
  const isOff = ({ drain }: PlacedDrain): boolean => drain === undefined || drain.endsAt <= nowMs;
  const paint = (row: string, index: number): string => {
    const entry = entries[index];
    return entry !== undefined && isOff(entry) ? colors.dim(row) : row;
  };
  return [colors.bold(head), ...shown.map(paint)].join('\n');
}
