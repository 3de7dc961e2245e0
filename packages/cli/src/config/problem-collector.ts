import type { ErrorCode } from '@signalbox/core';
import type { Problem } from './problems.ts';
import { type ConfigNode, isWithin, type Path, type Range, scalarsOf } from './tree.ts';

export interface ProblemInput {
  readonly path: Path;
  readonly range: Range;
  /** The node that cannot be used; what a schema says about it later is not reported any more. */
  readonly node?: ConfigNode;
  readonly message: string;
  readonly advice: string | undefined;
  /** Default `CONFIG_INVALID`. */
  readonly code?: ErrorCode;
}

/** Gathers everything that is wrong with one file, and everything in it that must not be shown. */
export class ProblemCollector {
  readonly #file: string;
  readonly #text: string;
  readonly #lineStarts: readonly number[];
  readonly #inputs: ProblemInput[] = [];
  readonly #unusable = new Set<ConfigNode>();
  readonly #misspelt = new Map<ConfigNode, Set<string>>();
  readonly #secretValues = new Set<string>();
  readonly #secretRanges: Range[] = [];

  /** `file` as people shall see it. */
  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    const starts = [0];
    for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) starts.push(index + 1);
    this.#lineStarts = starts;
  }

  get count(): number {
    return this.#inputs.length;
  }

  add(input: ProblemInput): void {
    this.#inputs.push(input);
    if (input.node !== undefined) this.#unusable.add(input.node);
  }

  /** Remembers that a key of this map was meant to be another one, so that the other is not reported as missing as well. */
  addUnknownKey(map: ConfigNode, meant: string | undefined): void {
    if (meant === undefined) return;
    const keys = this.#misspelt.get(map) ?? new Set();
    this.#misspelt.set(map, keys.add(meant));
  }

  isMisspelt(map: ConfigNode, key: string): boolean {
    return this.#misspelt.get(map)?.has(key) ?? false;
  }

  /** Keeps a value out of every message. */
  concealValue(value: string): void {
    if (value.trim() !== '') this.#secretValues.add(value);
  }

  /** Keeps a node's values out of every message and its text out of every line that is shown. */
  concealNode(node: ConfigNode): void {
    for (const scalar of scalarsOf(node)) {
      // A mere reference gives nothing away, and helps to find the mistake. A default value in it may.
      const text = this.#text.slice(scalar.textRange.start, scalar.textRange.end);
      if (scalar.substituted !== 'whole' || text.includes(':-')) this.#secretRanges.push(scalar.textRange);
      if (scalar.value !== null && typeof scalar.value !== 'boolean') this.concealValue(String(scalar.value));
    }
  }

  /** Whether a problem of this node, of a part of it or of something around it was reported. */
  isReported(node: ConfigNode): boolean {
    for (const unusable of this.#unusable) {
      if (isWithin(unusable.range, node.range) || isWithin(node.range, unusable.range)) return true;
    }
    return false;
  }

  /** 1-based. */
  positionOf(offset: number): { readonly line: number; readonly column: number } {
    let line = this.#lineStarts.length;
    while (line > 1 && (this.#lineStarts[line - 1] ?? 0) > offset) line -= 1;
    return { line, column: offset - (this.#lineStarts[line - 1] ?? 0) + 1 };
  }

  /** Every problem, in the order of the file. */
  list(): readonly Problem[] {
    return [...this.#inputs]
      .sort((left, right) => left.range.start - right.range.start)
      .map(({ path, range, message, advice, code = 'CONFIG_INVALID' }) => {
        const { line, column } = this.positionOf(range.start);
        const lineStart = range.start - column + 1;
        const sourceLine = this.#lineAt(lineStart);
        const length = Math.max(1, Math.min(range.end, lineStart + sourceLine.length) - range.start);
        return {
          code,
          file: this.#file,
          line,
          column,
          length,
          path,
          message: this.#redact(message),
          ...(advice !== undefined && { advice: this.#redact(advice) }),
          sourceLine: this.#mask(sourceLine, lineStart),
        };
      });
  }

  #lineAt(start: number): string {
    const end = this.#text.indexOf('\n', start);
    return this.#text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  }

  #redact(text: string): string {
    let redacted = text;
    for (const value of [...this.#secretValues].sort((left, right) => right.length - left.length)) {
      // A short value, such as a port, is only taken out where it stands alone: it would tear words apart otherwise.
      if (value.length >= 4) redacted = redacted.replaceAll(value, '***');
      else redacted = redacted.replace(new RegExp(`(?<!\\w)${escapeRegExp(value)}(?!\\w)`, 'g'), '***');
    }
    return redacted;
  }

  /** Columns stay what they are, so that the caret points to the right place. */
  #mask(line: string, lineStart: number): string {
    let masked = maskByAppearance(line);
    for (const { start, end } of this.#secretRanges) {
      const from = Math.max(0, start - lineStart);
      const to = Math.min(line.length, end - lineStart);
      if (to > from) masked = masked.slice(0, from) + '*'.repeat(to - from) + masked.slice(to);
    }
    return masked;
  }
}

const secretKey =
  /((?:password|passwd|passphrase|secret|token|credential|api-?key|private-?key)\w*["']?\s*:\s+)(?!["']?\$\{)([^,}\]]+)/gi;
const userInformation = /(:\/\/)([^/\s@"']+)(@)/g;

/** For the parts of a file that no schema describes: a misspelt key, an unknown plugin, broken YAML. */
function maskByAppearance(line: string): string {
  const hide = (_all: string, before: string, secret: string, after: unknown): string =>
    `${before}${'*'.repeat(secret.length)}${after === '@' ? '@' : ''}`;
  return line.replace(secretKey, hide).replace(userInformation, hide);
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
