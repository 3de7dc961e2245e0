import { stripVTControlCharacters } from 'node:util';
import { eastAsianWidth } from 'get-east-asian-width';

/** The width of what is no terminal: nothing is broken there, so that each line stays one for grep and for machines. */
export const unlimitedWidth = Number.POSITIVE_INFINITY;

const printableAscii = /^[ -~]*$/;
const markOnly = /^(?:\p{Default_Ignorable_Code_Point}|\p{Mark})+$/u;
const picture = /^\p{Emoji_Presentation}|\uFE0F/u;

let segmenter: Intl.Segmenter | undefined;

/** How many columns text takes on a terminal. Colours take none, Chinese characters and pictures two each. */
export function displayWidth(text: string): number {
  if (printableAscii.test(text)) return text.length;
  const plain = stripVTControlCharacters(text);
  if (printableAscii.test(plain)) return plain.length;
  let width = 0;
  segmenter ??= new Intl.Segmenter();
  for (const { segment } of segmenter.segment(plain)) {
    if (markOnly.test(segment)) continue;
    width += picture.test(segment) ? 2 : eastAsianWidth(segment.codePointAt(0) ?? 0);
  }
  return width;
}

export function padText(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const space = ' '.repeat(Math.max(0, width - displayWidth(text)));
  return align === 'right' ? `${space}${text}` : `${text}${space}`;
}

/**
 * Breaks each line of text between words so that none is wider than `width`, as far as words allow: what is longer, such as a
 * path, stays whole so that it can be copied. Further lines begin with the indentation. Spaces at the start of a line stay.
 */
export function wrapText(text: string, width: number, indent: string): string {
  if (width === unlimitedWidth && !text.includes('\n')) return text;
  return text
    .split('\n')
    .flatMap((line, index) => wrapLine(index === 0 ? line : `${indent}${line}`, width, indent))
    .join('\n');
}

/** Text behind a label such as `hint: `, with further lines below its beginning. */
export function wrapLabelled(label: string, text: string, width: number): string {
  return wrapText(`${label}${text}`, width, ' '.repeat(displayWidth(label)));
}

function wrapLine(text: string, width: number, indent: string): readonly string[] {
  if (displayWidth(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  let lineWidth = 0;
  let isEmpty = true;
  for (const [index, word] of text.split(' ').entries()) {
    const wordWidth = displayWidth(word);
    if (!isEmpty && lineWidth + 1 + wordWidth > width) {
      lines.push(line.trimEnd());
      line = `${indent}${word}`;
      lineWidth = indent.length + wordWidth;
    } else {
      line = index === 0 ? word : `${line} ${word}`;
      lineWidth += (index === 0 ? 0 : 1) + wordWidth;
    }
    if (word !== '') isEmpty = false;
  }
  return [...lines, line];
}
