import { conditionOf, type Field, findField, keyedFields, plainFields } from './fields.ts';
import type { Selector, SelectorObject } from './selector.ts';
import { readTokens, selectorError, type Token } from './tokens.ts';

/**
 * Reads a selector from one line of text: `name=/shop/* and label.tier in (front, edge) and not endpoint.draining`.
 * A word alone is a pattern of the name; values are patterns, as everywhere; `and` binds closer than `or`.
 * Conditions on endpoints that are joined by `and`, without brackets around them, are about the same endpoint.
 *
 * @throws {ConfigError} `CONFIG_INVALID`, with the place
 */
export function parseSelector(text: string): Selector {
  const parser = new Parser(text);
  return parser.parse();
}

const maxDepth = 50;

interface Part {
  readonly selector: Selector;
  /** A single condition, which may be joined with its neighbours in one object. */
  readonly isPlain: boolean;
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = readTokens(text);
  }

  parse(): Selector {
    const selector = this.#readAlternatives();
    if (this.#token.kind !== 'end') throw this.#unexpected('and, or, or the end');
    return selector;
  }

  get #token(): Token {
    return this.#tokens[this.#position] as Token;
  }

  #readAlternatives(): Selector {
    const alternatives = [this.#readConjunction()];
    while (this.#takeWord('or')) alternatives.push(this.#readConjunction());
    return alternatives.length === 1 ? (alternatives[0] as Selector) : { any: alternatives };
  }

  #readConjunction(): Selector {
    const parts = [this.#readPart()];
    while (this.#takeWord('and')) parts.push(this.#readPart());
    return joinParts(parts);
  }

  #readPart(): Part {
    this.#depth += 1;
    if (this.#depth > maxDepth) throw selectorError(this.#text, this.#token.start, 'is nested too deeply');
    const part = this.#readNested() ?? this.#readCondition();
    this.#depth -= 1;
    return part;
  }

  #readNested(): Part | undefined {
    if (this.#takeWord('not')) return negate(this.#readPart());
    if (!this.#take('(')) return undefined;
    const selector = this.#readAlternatives();
    if (!this.#take(')')) throw this.#unexpected('")"');
    return { selector, isPlain: false };
  }

  #readCondition(): Part {
    const token = this.#token;
    const subject = this.#readWord('a condition');
    const field = token.quoted ? undefined : findField(subject);
    const isNegated = this.#token.kind === '!=' || this.#isNotIn();
    const values = this.#readValues();
    if (values === undefined) {
      if (field?.standsAlone !== true) return { selector: subject, isPlain: false };
      return { selector: conditionOf(field, true), isPlain: true };
    }
    if (field === undefined) throw selectorError(this.#text, token.start, `has no field to compare: ${fieldsKnown}`);
    const read = values.map((value) => this.#convert(field, value));
    const selector = conditionOf(field, read.length === 1 ? read[0] : read);
    return isNegated ? { selector: { not: selector }, isPlain: false } : { selector, isPlain: true };
  }

  /** The tokens behind a field, or `undefined` where no comparison follows. */
  #readValues(): readonly Token[] | undefined {
    if (this.#take('=') || this.#take('!=')) return [this.#readValue()];
    if (this.#isNotIn()) this.#position += 1;
    if (!this.#takeWord('in')) return undefined;
    if (!this.#take('(')) throw this.#unexpected('"("');
    const values = [this.#readValue()];
    while (this.#take(',')) values.push(this.#readValue());
    if (!this.#take(')')) throw this.#unexpected('"," or ")"');
    return values;
  }

  #readValue(): Token {
    const token = this.#token;
    if (token.kind === '=') throw selectorError(this.#text, token.start, 'compares with "==" where "=" is the word');
    this.#readWord('a value');
    return token;
  }

  #convert({ kind }: Field, { text, start }: Token): string | number {
    if (kind === 'pattern') return text;
    if (kind === 'flag') throw selectorError(this.#text, start, 'compares what stands alone');
    if (kind === 'port') {
      const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
      if (port >= 1 && port <= 65_535) return port;
      throw selectorError(this.#text, start, 'has something else than a port from 1 to 65535');
    }
    if (kind.includes(text)) return text;
    throw selectorError(this.#text, start, `has something else than ${kind.join(', ')}`);
  }

  #readWord(expectation: string): string {
    const { kind, text } = this.#token;
    if (kind !== 'word' || this.#isKeyword()) throw this.#unexpected(expectation);
    this.#position += 1;
    return text;
  }

  #isKeyword(): boolean {
    const { text, quoted } = this.#token;
    return !quoted && ['and', 'or', 'not', 'in'].includes(text);
  }

  #isNotIn(): boolean {
    const next = this.#tokens[this.#position + 1];
    return this.#isWord('not') && next?.kind === 'word' && next.text === 'in' && !next.quoted;
  }

  #isWord(word: string): boolean {
    const { kind, text, quoted } = this.#token;
    return kind === 'word' && text === word && !quoted;
  }

  #takeWord(word: string): boolean {
    const found = this.#isWord(word);
    if (found) this.#position += 1;
    return found;
  }

  #take(kind: Token['kind']): boolean {
    const found = this.#token.kind === kind;
    if (found) this.#position += 1;
    return found;
  }

  #unexpected(expectation: string): Error {
    const { kind, text, start } = this.#token;
    const found = kind === 'end' ? 'ends' : `has ${JSON.stringify(text)}`;
    return selectorError(this.#text, start, `${found} where ${expectation} is expected`);
  }
}

const fieldsKnown = `known are ${[...Object.keys(plainFields), ...keyedFields.map(([prefix]) => `${prefix}<key>`)].join(', ')}`;

/** That a key is not there, or a flag not set, is a condition of its own, so that it can be asked of the same endpoint as others. */
function negate({ selector, isPlain }: Part): Part {
  const alone = isPlain ? withFalse(selector as SelectorObject) : undefined;
  return alone === undefined ? { selector: { not: selector }, isPlain: false } : { selector: alone, isPlain: true };
}

/** The condition with `false` in the place of its `true`, if that is what it has. */
function withFalse(condition: object): SelectorObject | undefined {
  const [[key, value]] = Object.entries(condition) as [[string, unknown]];
  const leaf = value === true ? false : isRecord(value) ? withFalse(value) : undefined;
  return leaf === undefined ? undefined : Object.fromEntries([[key, leaf]]);
}

/** Single conditions become one object, as they would be written by hand; what has no place in it stands beside it. */
function joinParts(parts: readonly Part[]): Selector {
  if (parts.length === 1) return (parts[0] as Part).selector;
  let joined: SelectorObject | undefined;
  const others: Selector[] = [];
  for (const { selector, isPlain } of parts) {
    const next = isPlain ? mergeObjects(joined ?? {}, selector as SelectorObject) : undefined;
    if (next === undefined) others.push(selector);
    else joined = next as SelectorObject;
  }
  if (others.length === 0) return joined as SelectorObject;
  return { all: joined === undefined ? others : [joined, ...others] };
}

/** `undefined` where both have something to say of the same key. */
function mergeObjects(left: object, right: object): object | undefined {
  const merged = new Map<string, unknown>(Object.entries(left));
  for (const [key, value] of Object.entries(right)) {
    const existing = merged.get(key);
    if (existing !== undefined && (!isRecord(existing) || !isRecord(value))) return undefined;
    const next = isRecord(existing) ? mergeObjects(existing, value as object) : value;
    if (next === undefined) return undefined;
    merged.set(key, next);
  }
  return Object.fromEntries(merged);
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
