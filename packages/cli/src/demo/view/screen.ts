import { WriteStream } from 'node:tty';
import type { Output } from '../../host.ts';
import type { Colors } from '../../output/colors.ts';
import { Narrator } from './narrator.ts';
import { createPlainView } from './plain-view.ts';
import type { Symbols } from './symbols.ts';
import { createTerminalView } from './terminal-view.ts';
import type { Picture } from './view.ts';

/** Where the demo is shown: drawn in place on a terminal, else line by line. */
export interface Screen {
  readonly narrator: Narrator;
  /** Columns for running text. */
  readonly width: number;
  /** Draws while the work goes on, if this is a terminal; the last picture stays. */
  drawDuring<Result>(takePicture: () => Picture, work: () => Promise<Result>): Promise<Result>;
  print(text: string): void;
}

const widestText = 100;

export function createScreen(output: Output, look: { readonly colors: Colors; readonly symbols: Symbols }): Screen {
  const plain = createPlainView(output, look);
  const narrator = new Narrator(plain);
  return {
    narrator,
    width: Math.min(output.columns ?? widestText, widestText),
    print: (text) => void output.write(`${text}\n`),
    async drawDuring(takePicture, work) {
      if (!(output instanceof WriteStream)) return work();
      const drawn = createTerminalView(output, look, takePicture);
      narrator.turnTo(drawn);
      try {
        return await work();
      } finally {
        drawn.close();
        narrator.turnTo(plain);
      }
    },
  };
}
