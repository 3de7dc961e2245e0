import type { Colors } from '../../output/colors.ts';
import { printable } from '../../output/text.ts';
import { fit, formatSeconds } from './fit.ts';
import type { Happening, HappeningKind } from './happening.ts';

export interface LineOptions {
  readonly colors: Colors;
  /** Longer lines are cut; default: none is. */
  readonly width?: number;
  readonly ellipsis: string;
}

/** Right of the time and the kind. */
const margin = 8 + 2 + 8 + 2;

export function renderHappening({ atMs, kind, text }: Happening, { colors, width, ellipsis }: LineOptions): string {
  const plain = printable(text);
  const shown = width === undefined ? plain : fit(plain, width - margin, ellipsis);
  const paint = painterOf(kind, colors);
  return `${colors.dim(formatSeconds(atMs).padStart(8))}  ${paint(kind.padEnd(8))}  ${kind === 'act' ? colors.bold(shown) : shown}`;
}

function painterOf(kind: HappeningKind, colors: Colors): (text: string) => string {
  switch (kind) {
    case 'act':
      return colors.bold;
    case 'kept':
    case 'runtime':
      return colors.green;
    case 'broken':
    case 'failure':
      return colors.red;
    case 'cut off':
    case 'reload':
    case 'source':
      return colors.yellow;
    case 'marathon':
      return colors.cyan;
    default:
      return colors.dim;
  }
}
