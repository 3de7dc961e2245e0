/** `1 service`, `2 services`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

export interface Column {
  readonly title: string;
  readonly align?: 'right';
}

/** Columns of plain text with two spaces between them, so that the output can be cut with the usual tools. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => (line[index] ?? '').length)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => {
          const width = widths[index] ?? 0;
          return columns[index]?.align === 'right' ? cell.padStart(width) : cell.padEnd(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Text from outside must not move the cursor or recolour the terminal: control characters are shown as what they are. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The same with one column for each character, and tabs as they are, for a line that marks point into. */
export function visibleControls(line: string): string {
  return line.replace(/[^\P{Cc}\t]/gu, (character) => {
    const code = character.charCodeAt(0);
    // U+2400 and on are pictures of the control characters.
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** Breaks text between words so that no line is longer than `width`, as far as words allow. Further lines begin with the indentation. */
export function wrapText(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const isFull = line.trim() !== '' && line.length + 1 + word.length > width;
    if (isFull) lines.push(line);
    line = isFull ? `${indent}${word}` : line === '' && lines.length === 0 ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
