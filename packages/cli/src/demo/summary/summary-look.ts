import type { Colors } from '../../output/colors.ts';
import type { Symbols } from '../view/symbols.ts';

/** How a summary is to be drawn. */
export interface SummaryLook {
  readonly width: number;
  readonly colors: Colors;
  readonly symbols: Symbols;
}
