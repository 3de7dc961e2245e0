import type { Route, ValueMatch } from '@signalbox/core';

/** What a route asks of a request besides host and path, checked: printable ASCII, of bounded length. */
export type RouteCondition =
  | { readonly on: 'method'; readonly methods: readonly string[] }
  | { readonly on: 'path'; readonly type: 'regex'; readonly value: string }
  /** Names of headers are in lower case. Holds when one of the values does. */
  | {
      readonly on: 'header' | 'query';
      readonly name: string;
      readonly type: 'exact' | 'regex';
      readonly value: string;
    };

export interface RouteConditions {
  /** In an order that does not depend on the route's. All have to hold. */
  readonly conditions: readonly RouteCondition[];
  /** Regular expression, method, headers, query parameters: the most of the first kind goes first, then of the next. */
  readonly weights: readonly number[];
}

const mostMatches = 16;
const mostCharacters = 512;

/** Regular expressions are found anywhere unless they are anchored. Names of headers are compared in lower case, everything else as it is written. */
export function checkConditions(route: Route): RouteConditions | { readonly problem: string } {
  const { path, methods = [], headers = [], queryParams = [] } = route;
  if (methods.length > mostMatches || headers.length + queryParams.length > mostMatches) {
    return { problem: `it has more than ${mostMatches} conditions` };
  }
  const found: (RouteCondition | { readonly problem: string })[] = [];
  if (methods.length > 0) found.push(checkMethods(methods));
  if (path?.type === 'regex') found.push(checkPathRegex(path.value));
  found.push(...sorted(headers.map(checkHeader)), ...sorted(queryParams.map(checkQueryParam)));
  const conditions = new Map<string, RouteCondition>();
  for (const condition of found) {
    if ('problem' in condition) return condition;
    conditions.set(JSON.stringify(condition), condition);
  }
  return {
    conditions: [...conditions.values()],
    weights: [path?.type === 'regex' ? 1 : 0, methods.length > 0 ? 1 : 0, headers.length, queryParams.length],
  };
}

function checkMethods(methods: readonly string[]): RouteCondition | { problem: string } {
  if (!methods.every((method) => /^[A-Za-z]{1,32}$/.test(method))) return { problem: 'a method has only letters' };
  // Each once: nginx refuses a map with the same key twice.
  return { on: 'method', methods: [...new Set(methods.map((method) => method.toUpperCase()))].sort() };
}

function checkPathRegex(value: string): RouteCondition | { problem: string } {
  const problem = findProblem({ value, type: 'regex' }, 'its path');
  return problem === undefined ? { on: 'path', type: 'regex', value } : { problem };
}

function checkHeader({ name, value, type = 'exact' }: ValueMatch): RouteCondition | { problem: string } {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return { problem: 'the name of a header is unusable' };
  const problem = findProblem({ value, type }, 'the value of a header');
  return problem === undefined ? { on: 'header', name: name.toLowerCase(), type, value } : { problem };
}

function checkQueryParam({ name, value, type = 'exact' }: ValueMatch): RouteCondition | { problem: string } {
  if (!/^[A-Za-z0-9._~-]{1,128}$/.test(name)) return { problem: 'the name of a query parameter is unusable' };
  const problem = findProblem({ value, type }, 'the value of a query parameter');
  return problem === undefined ? { on: 'query', name, type, value } : { problem };
}

function findProblem(match: { readonly value: string; readonly type: string }, subject: string): string | undefined {
  const { value, type } = match;
  if (!/^[ -~]+$/.test(value)) return `${subject} is empty or has characters other than printable ASCII`;
  if (value.length > mostCharacters) return `${subject} is longer than ${mostCharacters} characters`;
  return type === 'regex' && !isRegex(value) ? `${subject} is no regular expression` : undefined;
}

/** What Node takes, and leading flags such as `(?i)`, which only PCRE knows. The proxy's own check has the last word. */
function isRegex(text: string): boolean {
  try {
    new RegExp(text.replace(/^\(\?[imsx]+\)/, ''));
    return true;
  } catch {
    return false;
  }
}

function sorted<Item>(items: readonly Item[]): Item[] {
  return items.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
