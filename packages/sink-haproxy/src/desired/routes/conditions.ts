import type { Route, ValueMatch } from '@signalbox/core';
import * as safe from '../../render/escape.ts';

/** What a route asks of a request besides host and path. */
export interface Conditions {
  /** Each the text of an `acl` behind its name, in an order that does not depend on the route's. All have to hold. */
  readonly conditions: readonly string[];
  /** Regular expression, method, headers, query parameters: the most of the first kind goes first, then of the next. */
  readonly weights: readonly number[];
}

const mostMatches = 16;
const mostCharacters = 512;

/**
 * A condition on a header or a query parameter holds when one of its values does. Regular expressions are found anywhere unless they are
 * anchored. Names of headers are compared in lower case, everything else as it is written.
 */
export function describeConditions(route: Route): Conditions | { readonly problem: string } {
  const { path, methods = [], headers = [], queryParams = [] } = route;
  if (methods.length > mostMatches || headers.length + queryParams.length > mostMatches) {
    return { problem: `it has more than ${mostMatches} conditions` };
  }
  const found: (string | { readonly problem: string })[] = [];
  if (methods.length > 0) found.push(describeMethods(methods));
  if (path?.type === 'regex') found.push(matchValue('var(txn.path)', path, 'its path'));
  found.push(...sorted(headers.map(describeHeader)), ...sorted(queryParams.map(describeQueryParam)));
  const conditions: string[] = [];
  for (const condition of found) {
    if (typeof condition !== 'string') return condition;
    if (!conditions.includes(condition)) conditions.push(condition);
  }
  return {
    conditions,
    weights: [path?.type === 'regex' ? 1 : 0, methods.length > 0 ? 1 : 0, headers.length, queryParams.length],
  };
}

function describeMethods(methods: readonly string[]): string | { problem: string } {
  if (!methods.every((method) => /^[A-Za-z]{1,32}$/.test(method))) return { problem: 'a method has only letters' };
  return `method -- ${sorted(methods.map((method) => method.toUpperCase())).join(' ')}`;
}

function describeHeader(match: ValueMatch): string | { problem: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(match.name)) return { problem: 'the name of a header is unusable' };
  // fhdr is the whole value; hdr would cut it at commas.
  return matchValue(`req.fhdr(${match.name.toLowerCase()})`, match, 'the value of a header');
}

function describeQueryParam(match: ValueMatch): string | { problem: string } {
  if (!/^[A-Za-z0-9._~-]{1,128}$/.test(match.name)) return { problem: 'the name of a query parameter is unusable' };
  return matchValue(`url_param(${match.name}),url_dec(1)`, match, 'the value of a query parameter');
}

function matchValue(
  fetch: string,
  { value, type = 'exact' }: { readonly value: string; readonly type?: 'exact' | 'prefix' | 'regex' },
  subject: string,
): string | { problem: string } {
  if (!/^[ -~]+$/.test(value)) return { problem: `${subject} is empty or has characters other than printable ASCII` };
  if (value.length > mostCharacters) return { problem: `${subject} is longer than ${mostCharacters} characters` };
  if (type === 'regex' && !isRegex(value)) return { problem: `${subject} is no regular expression` };
  // Behind `--` nothing is an option: `-f` would read a file.
  return `${fetch} -m ${type === 'regex' ? 'reg' : 'str'} -- ${safe.quoted(value)}`;
}

/** What Node takes, and leading flags such as `(?i)`, which only PCRE knows. HAProxy's own check has the last word. */
function isRegex(text: string): boolean {
  try {
    new RegExp(text.replace(/^\(\?[imsx]+\)/, ''));
    return true;
  } catch {
    return false;
  }
}

function sorted<Item>(items: readonly Item[]): Item[] {
  return items.toSorted((left, right) => (String(left) < String(right) ? -1 : 1));
}
