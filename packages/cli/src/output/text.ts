/** `1 service`, `2 services`. */
export function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? '' : 's'}`;
}

/** Text from outside must not move the cursor or recolour the terminal: control characters are shown as what they are. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The same for text of several lines, such as what a program said: each line stays one. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n');
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
