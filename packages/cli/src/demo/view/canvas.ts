import type { Colors } from '../../output/colors.ts';
import type { Symbols } from './symbols.ts';

/** What a view may draw on, and with. */
export interface Canvas {
  /** Columns that may be written to. */
  readonly width: number;
  /** Rows that may be written to. */
  readonly height: number;
  readonly colors: Colors;
  readonly symbols: Symbols;
}
