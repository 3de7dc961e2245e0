/** Marathon prints `null`, leaves a key out, or prints an empty value for the same thing, by version: all read as absent here. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Something that an answer of this kind must have is missing or of another type. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError';
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Like {@link arrayOf}, but what is present and no array is an error, because reading it as empty would lose endpoints. */
export function strictArrayOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ShapeError(`"${name}" is not an array`);
  return value;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** 1 to 65535, else absent. */
export function portOf(value: unknown): number | undefined {
  return isPort(value) ? value : undefined;
}

export function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 65_535;
}

/** Milliseconds since the epoch. Marathon's times are ISO 8601 in UTC with 0 to 9 fraction digits. */
export function timeOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const timeMs = Date.parse(value);
  return Number.isNaN(timeMs) ? undefined : timeMs;
}

/** Values that are not strings are left out: a label can only be text. */
export function labelsOf(value: unknown): Readonly<Record<string, string>> {
  if (!isObject(value)) return noLabels;
  const entries = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  if (entries.length === 0) return noLabels;
  // A stable order, so that the same labels always give the same bytes in whatever is rendered from them.
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

const noLabels: Readonly<Record<string, string>> = Object.freeze({});
