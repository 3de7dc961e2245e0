/** Keeps the end of a text that may be endless: what a program says last is what it failed on. */
export interface BoundedOutput {
  append(text: string): void;
  /** The last lines, without control characters that would act on a terminal. */
  toString(): string;
}

const maxLength = 65_536;

export function createBoundedOutput(maxLines: number): BoundedOutput {
  let kept = '';
  let cut = false;
  return {
    append(text) {
      kept += text;
      if (kept.length > 2 * maxLength) {
        kept = kept.slice(-maxLength);
        cut = true;
      }
    },
    toString() {
      const lines = kept.replaceAll('\r\n', '\n').split('\n');
      // The first line is a part of one when something was cut off.
      const whole = cut ? lines.slice(1) : lines;
      while (whole.at(-1)?.trim() === '') whole.pop();
      return whole
        .slice(-maxLines)
        .join('\n')
        .replace(/(?![\t\n])\p{Cc}/gu, '');
    },
  };
}
