import { messageOf } from '@signalbox/core';
import { readArguments, usage } from './arguments.ts';
import { keepsLimit, type Measurement, type MeasurementContext, type Row } from './measurement.ts';
import { measurements } from './measurements.ts';
import { renderTable } from './report/render-table.ts';
import { commandContestant } from './stage/command-contestant.ts';
import { signalbox } from './stage/signalbox.ts';

interface Result {
  readonly id: string;
  readonly title: string;
  readonly rows: Row[];
  error?: string;
}

const talk = (text: string): void => void process.stderr.write(text);

async function take({ id, title, measure }: Measurement, context: MeasurementContext): Promise<Result> {
  const result: Result = { id, title, rows: [] };
  try {
    for await (const row of measure(context)) result.rows.push(row);
  } catch (error) {
    result.error = messageOf(error);
  }
  return result;
}

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${usage}\n${measurements.map(({ id, title }) => `  ${id.padEnd(18)}${title}`).join('\n')}\n`);
    return 0;
  }
  const unknown = options.only?.find((only) => measurements.every(({ id }) => id !== only));
  if (unknown !== undefined) throw new TypeError(`there is no measurement "${unknown}"; --help names them`);
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  const contestants = [signalbox({ name: 'signalbox', immediate: false }), ...options.beside.map(commandContestant)];
  const results: Result[] = [];
  for (const measurement of measurements) {
    if (options.only?.includes(measurement.id) === false || stopping.signal.aborted) continue;
    const say = (text: string): void => talk(`${measurement.id}: ${text}\n`);
    const result = await take(measurement, { full: options.full, contestants, signal: stopping.signal, say });
    results.push(result);
    if (!options.json) process.stdout.write(`\n${renderTable(result.title, result.rows)}`);
    if (result.error !== undefined) talk(`${result.id} could not be measured: ${result.error}\n`);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  const missed = results.flatMap(({ rows }) => rows).filter((row) => keepsLimit(row) === false);
  if (missed.length > 0) talk(`${missed.length} limit(s) missed\n`);
  const failed = stopping.signal.aborted || results.some(({ error }) => error !== undefined);
  return failed || (options.strict && missed.length > 0) ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  talk(`${messageOf(error)}\n\n${usage}`);
  return 64;
});
