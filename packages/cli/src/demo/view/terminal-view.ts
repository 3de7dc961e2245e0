import { createLogUpdate } from 'log-update';
import type { Canvas } from './canvas.ts';
import type { Happening } from './happening.ts';
import { renderPicture } from './render-picture.ts';
import type { Picture, View } from './view.ts';

export interface TerminalView extends View {
  /** Gives the terminal back, with the last picture on it. */
  close(): void;
}

const keptHappenings = 200;
const frameIntervalMs = 100;
/** Clears the screen, and puts the cursor in its upper left corner. */
const clearScreen = '\u001b[2J\u001b[H';

/** Redraws one picture in place, ten times a second at most. */
export function createTerminalView(
  terminal: NodeJS.WriteStream,
  look: Pick<Canvas, 'colors' | 'symbols'>,
  takePicture: () => Picture,
): TerminalView {
  const draw = createLogUpdate(terminal);
  const happenings: Happening[] = [];
  let isClosed = false;

  const refresh = (): void => {
    if (isClosed) return;
    // One column and one row are left free: in the last ones terminals wrap and scroll.
    const canvas = { ...look, width: (terminal.columns ?? 80) - 1, height: (terminal.rows ?? 24) - 1 };
    draw(renderPicture(takePicture(), happenings, canvas));
  };
  // A terminal that changes its width breaks the old lines anew, so that nobody knows where they began.
  const onResize = (): void => {
    draw.done();
    terminal.write(clearScreen);
    refresh();
  };
  terminal.on('resize', onResize);
  const timer = setInterval(refresh, frameIntervalMs);

  return {
    tell(happening) {
      happenings.push(happening);
      if (happenings.length > keptHappenings) happenings.shift();
    },
    close() {
      if (isClosed) return;
      refresh();
      isClosed = true;
      clearInterval(timer);
      terminal.off('resize', onResize);
      draw.done();
    },
  };
}
