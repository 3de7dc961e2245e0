import type { Output } from '../../host.ts';
import type { Colors } from '../../output/colors.ts';
import { renderHappening } from './happening-line.ts';
import type { Symbols } from './symbols.ts';
import type { View } from './view.ts';

/** One line for each happening: for pipes, files and continuous integration. */
export function createPlainView(
  output: Output,
  { colors, symbols: { ellipsis } }: { readonly colors: Colors; readonly symbols: Symbols },
): View {
  return { tell: (happening) => void output.write(`${renderHappening(happening, { colors, ellipsis }).join('\n')}\n`) };
}
