const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What a duration looks like in YAML, for the editor schema: `500ms`, `30s`, `1.5h`, `1m30s`, `0`. */
export const durationPattern = '^(0|(\\d+(\\.\\d+)?(ms|s|m|h|d))+)$';

const durationForm = new RegExp(durationPattern);

/** Milliseconds, or `undefined` for what is no duration. A number needs a unit, unless it is 0. */
export function parseDuration(value: unknown): number | undefined {
  if (value === 0) return 0;
  if (typeof value !== 'string' || !durationForm.test(value)) return undefined;
  let totalMs = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    totalMs += Number(amount) * (unitsMs[unit ?? ''] ?? 0);
  }
  return Math.round(totalMs);
}

/** The shortest spelling: `1500` is `1500ms`, `90000` is `90s`, `120000` is `2m`. */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0';
  for (const unit of ['d', 'h', 'm', 's']) {
    const unitMs = unitsMs[unit] ?? 1;
    if (durationMs % unitMs === 0) return `${durationMs / unitMs}${unit}`;
  }
  return `${durationMs}ms`;
}

/** Three digits are enough for people. */
export function roundedDuration(durationMs: number): string {
  if (durationMs < 1_000) return formatDuration(Math.round(durationMs));
  if (durationMs < 120_000) return formatDuration(Math.round(durationMs / 1_000) * 1_000);
  if (durationMs < 7_200_000) return formatDuration(Math.round(durationMs / 60_000) * 60_000);
  return formatDuration(Math.round(durationMs / 3_600_000) * 3_600_000);
}
