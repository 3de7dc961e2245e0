import type { Colors } from '../../output/colors.ts';
import { printable } from '../../output/text.ts';
import { fit, formatSeconds, wrap } from './fit.ts';
import type { Happening, HappeningKind } from './happening.ts';

export interface LineOptions {
  readonly colors: Colors;
  /** Longer lines are cut or go on below; default: neither. */
  readonly width?: number;
  readonly ellipsis: string;
}

/** Right of the time and the kind. */
const margin = 8 + 2 + 8 + 2;

/** What an act is about is worth several lines; of what happens many times a second, one has to do. */
const wrapped: ReadonlySet<HappeningKind> = new Set(['promise', 'kept', 'broken']);

/** One line, or several for what has to be read to its end. */
export function renderHappening({ atMs, kind, text }: Happening, options: LineOptions): readonly string[] {
  const { colors, width, ellipsis } = options;
  const plain = printable(text);
  const room = width === undefined ? plain.length : width - margin;
  const [first = '', ...rest] = wrapped.has(kind) ? wrap(plain, room) : [plain];
  const show = (part: string): string => {
    const shown = fit(part, room, ellipsis);
    return kind === 'act' ? colors.bold(shown) : shown;
  };
  const head = `${colors.dim(formatSeconds(atMs).padStart(8))}  ${painterOf(kind, colors)(kind.padEnd(8))}`;
  return [`${head}  ${show(first)}`, ...rest.map((part) => ' '.repeat(margin) + show(part))];
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
