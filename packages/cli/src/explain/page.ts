import type { Colors } from '../output/colors.ts';
import { printable } from '../output/text.ts';
import { wrapText } from '../output/wrap-text.ts';

/** Lines of text for a terminal, indented and wrapped. What comes from outside is made harmless here. */
export class Page {
  readonly colors: Colors;
  readonly #width: number;
  readonly #lines: string[] = [];

  constructor(colors: Colors, width: number) {
    this.colors = colors;
    this.#width = width;
  }

  /** `depth` steps to the right; `paint` colours the whole. */
  add(depth: number, text: string, paint: (text: string) => string = (plain) => plain): void {
    const indent = '  '.repeat(depth);
    const wrapped = wrapText(printable(text), this.#width - indent.length - 2, '  ');
    for (const line of wrapped.split('\n')) this.#lines.push(`${indent}${paint(line)}`);
  }

  /** A heading, with what follows it in a fainter colour. */
  head(depth: number, title: string, rest: string): void {
    const indent = '  '.repeat(depth);
    const [first = '', ...more] = wrapText(printable(`${title}  ${rest}`), this.#width - indent.length, '    ').split(
      '\n',
    );
    const shown = printable(title);
    const { bold, dim } = this.colors;
    const start = first.startsWith(shown) ? `${bold(shown)}${dim(first.slice(shown.length))}` : bold(first);
    this.#lines.push(`${indent}${start}`.trimEnd(), ...more.map((line) => `${indent}${dim(line)}`));
  }

  gap(): void {
    if (this.#lines.length > 0) this.#lines.push('');
  }

  render(): string {
    return this.#lines.join('\n');
  }
}
