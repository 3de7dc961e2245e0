import { type Document, isNode, LineCounter, parseDocument as parseYaml } from 'yaml';
import type { DocumentService } from './document.ts';
import { readData } from './read-data.ts';
import type { TargetGroupOptions } from './target-groups.ts';

export interface DocumentProblem {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export type ParsedDocument =
  | { readonly services: readonly DocumentService[] }
  | { readonly problems: readonly [DocumentProblem, ...DocumentProblem[]] };

/** Reads YAML or JSON in either form: our own, or Prometheus' target groups. A text is good as a whole, or it is not. */
export function parseDocument(text: string, options: TargetGroupOptions): ParsedDocument {
  // Whoever writes a file may have emptied it first; nothing at all is no statement.
  if (text.trim() === '') return problem('it is empty; an upstream without services says "services: []"');
  const json = readJson(text);
  const document = json === undefined ? new PositionedDocument(text) : undefined;
  if (document?.problem !== undefined) return { problems: [document.problem] };
  const data = json === undefined ? document?.data : json.data;
  const result = readData(data, options);
  if ('services' in result) return result;
  const positioned = document ?? new PositionedDocument(text);
  const [first, ...rest] = result.issues.map(({ path, message }) => ({ ...positioned.positionOf(path), message }));
  return first === undefined ? problem('it cannot be read') : { problems: [first, ...rest] };
}

/** Far faster than YAML, for the large files that programs write. What is no JSON may still be YAML. */
function readJson(text: string): { readonly data: unknown } | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return { data: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

class PositionedDocument {
  readonly #lines = new LineCounter();
  readonly #document: Document;
  #data: unknown;

  constructor(text: string) {
    this.#document = parseYaml(text, { version: '1.2', prettyErrors: false, lineCounter: this.#lines });
  }

  get problem(): DocumentProblem | undefined {
    const [error] = this.#document.errors;
    if (error !== undefined) return { ...this.#positionAt(error.pos[0]), message: error.message };
    try {
      this.#data = this.#document.toJS({ maxAliasCount: 100 });
      return undefined;
    } catch (cause) {
      // Aliases that would grow without bound.
      return { line: 1, column: 1, message: cause instanceof Error ? cause.message : String(cause) };
    }
  }

  /** Once it has no {@link problem}. */
  get data(): unknown {
    return this.#data;
  }

  /** Of the innermost thing on the path that the text has. */
  positionOf(path: readonly PropertyKey[]): { readonly line: number; readonly column: number } {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#positionAt(node.range[0]);
    }
    return { line: 1, column: 1 };
  }

  #positionAt(offset: number): { readonly line: number; readonly column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}

function problem(message: string): ParsedDocument {
  return { problems: [{ line: 1, column: 1, message }] };
}
