export interface TextDiff {
  /** Unified diff with `---`/`+++` headers; empty when equal. */
  readonly text: string;
  readonly addedLines: number;
  readonly removedLines: number;
}

/** Unified diff of two texts for people. Secrets must have been masked before. `undefined` stands for "no such file". */
export declare function diffText(
  path: string,
  before: string | undefined,
  after: string | undefined,
  contextLines?: number,
): TextDiff;
