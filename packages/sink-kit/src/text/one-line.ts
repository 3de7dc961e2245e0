/** Foreign text for people, in quotes and on one line: in a summary or a warning it must not forge another line. At most 200 characters. */
export function inQuotes(text: string): string {
  return oneLine(JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text));
}

/** Line ends, other control characters and marks that change the direction of writing become spaces. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
