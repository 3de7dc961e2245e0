import type { TextResult } from './text-result.ts';

/** An integer from 1 to 65535. */
export function checkPort(port: number): TextResult<number> {
  return Number.isInteger(port) && port >= 1 && port <= 65_535
    ? { ok: true, value: port }
    : { ok: false, reason: 'a port is an integer from 1 to 65535' };
}
