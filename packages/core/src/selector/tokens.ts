import { ConfigError } from '../errors/config-error.ts';

/** A part of a selector's text form. */
export interface Token {
  /** `end` stands behind the last one. */
  readonly kind: '(' | ')' | ',' | '=' | '!=' | 'word' | 'end';
  /** Without quotes. */
  readonly text: string;
  /** Whether it begins with a quote, so that it is no keyword and no field. */
  readonly quoted: boolean;
  /** Offset in the text, from 0. */
  readonly start: number;
}

const maxLength = 10_000;

/** @throws {ConfigError} `CONFIG_INVALID` */
export function readTokens(text: string): readonly Token[] {
  if (text.length > maxLength) throw selectorError(text, maxLength, `is longer than ${maxLength} characters`);
  const tokens: Token[] = [];
  let start = skipSpace(text, 0);
  while (start < text.length) {
    const { token, end } = readToken(text, start);
    tokens.push(token);
    start = skipSpace(text, end);
  }
  return [...tokens, { kind: 'end', text: '', quoted: false, start: text.length }];
}

function readToken(text: string, start: number): { readonly token: Token; readonly end: number } {
  const symbol = /^(?:!=|[(),=])/.exec(text.slice(start, start + 2))?.[0] as Exclude<Token['kind'], 'word'> | undefined;
  if (symbol !== undefined) {
    return { token: { kind: symbol, text: symbol, quoted: false, start }, end: start + symbol.length };
  }
  let word = '';
  let end = start;
  while (end < text.length && !/[\s(),=]/.test(text.charAt(end)) && !text.startsWith('!=', end)) {
    const quotedEnd = text.charAt(end) === '"' ? endOfQuoted(text, end) : undefined;
    word += quotedEnd === undefined ? text.charAt(end) : unquote(text, end, quotedEnd);
    end = quotedEnd ?? end + 1;
  }
  return { token: { kind: 'word', text: word, quoted: text.charAt(start) === '"', start }, end };
}

function endOfQuoted(text: string, start: number): number {
  for (let position = start + 1; position < text.length; position += 1) {
    if (text.charAt(position) === '\\') position += 1;
    else if (text.charAt(position) === '"') return position + 1;
  }
  throw selectorError(text, start, 'has a quote that is not closed');
}

function unquote(text: string, start: number, end: number): string {
  try {
    return JSON.parse(text.slice(start, end)) as string;
  } catch {
    throw selectorError(text, start, 'has a quoted text that is not written as in JSON');
  }
}

function skipSpace(text: string, start: number): number {
  let position = start;
  while (position < text.length && /\s/.test(text.charAt(position))) position += 1;
  return position;
}

/** An error with its place, which people count from 1. */
export function selectorError(text: string, offset: number, problem: string): ConfigError {
  return new ConfigError(`the selector ${JSON.stringify(text)} ${problem}, at character ${offset + 1}`, {
    code: 'CONFIG_INVALID',
    hint: 'write conditions such as name=/shop/* and label.tier in (front, edge), joined by and, or, not; quote odd text',
  });
}
