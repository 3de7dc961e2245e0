/** A block with its lines indented; a line may itself be a block. Empty lines are left out. */
export function block(head: string, lines: readonly string[]): string {
  const body = lines
    .filter((line) => line !== '')
    .flatMap((line) => line.split('\n'))
    .map((line) => `    ${line}`);
  return [`${head} {`, ...body, '}'].join('\n');
}
