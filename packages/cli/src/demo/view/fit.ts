/** Cuts plain text to a width, and shows that it did. */
export function fit(text: string, width: number, ellipsis: string): string {
  if (text.length <= width) return text;
  return width <= ellipsis.length
    ? text.slice(0, Math.max(0, width))
    : `${text.slice(0, width - ellipsis.length)}${ellipsis}`;
}

/** Breaks plain text at spaces into lines of at most this width; a longer word is left whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `12.3 s`, from milliseconds. */
export function formatSeconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}

/** Digits in groups of three: `12 345`. */
export function formatCount(amount: number): string {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, ' ');
}
