export function section(head: string, lines: readonly string[]): string {
  return `${head}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** A part of the configuration whose changes are told apart from those of other parts. */
export interface RenderedSection {
  readonly key: string;
  /** Empty when there is nothing to write. */
  readonly text: string;
  /** Another text means that the process has to read the file again. */
  readonly compared: string;
}

export function plainSection(key: string, text: string): RenderedSection {
  return { key, text, compared: text };
}
