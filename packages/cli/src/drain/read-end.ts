import { parseDuration } from '../config/durations.ts';
import { UsageError } from '../exit-codes.ts';

export interface EndOptions {
  readonly for?: string;
  readonly until?: string;
}

/** Days of this length are enough for everybody, and what is longer is a mistake of the unit. */
const longestMs = 366 * 86_400_000;

/**
 * The end of a drain as the file has it: ISO 8601 with its offset.
 * @throws {UsageError} unless exactly one of both is given, and lies ahead
 */
export function readEnd({ for: duration, until }: EndOptions, nowMs: number): string {
  if ((duration === undefined) === (until === undefined)) {
    throw new UsageError(
      duration === undefined ? 'a drain has an end' : '--for and --until say the same in two ways',
      'give --for, such as 2h, or --until, such as 2026-01-31T18:00:00Z',
    );
  }
  return duration === undefined ? readTime(until as string, nowMs) : readDuration(duration, nowMs);
}

function readDuration(text: string, nowMs: number): string {
  const durationMs = parseDuration(text);
  if (durationMs === undefined || durationMs === 0) {
    throw new UsageError(`--for expects a duration such as 30m, 2h or 1d, not "${text}"`);
  }
  if (durationMs > longestMs) throw new UsageError(`--for takes at most a year, not "${text}"`);
  return toText(nowMs + durationMs);
}

function readTime(text: string, nowMs: number): string {
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(atMs)) {
    throw new UsageError(
      `--until expects a time with its offset, such as ${toText(nowMs + 7_200_000)}, not "${text}"`,
      '--for 2h counts from now',
    );
  }
  if (atMs <= nowMs) throw new UsageError(`--until ${text} is over: it is ${toText(nowMs)} now`);
  return toText(atMs);
}

/** To the second, rounded up, in UTC. */
function toText(atMs: number): string {
  return new Date(Math.ceil(atMs / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}
