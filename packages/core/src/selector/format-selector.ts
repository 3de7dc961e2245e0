import { findField, keyedFields } from './fields.ts';
import type { Selector } from './selector.ts';

/** A selector, or several of which any may match, on one line, as `parseSelector` reads it. */
export function formatSelector(selector: Selector | readonly Selector[]): string {
  return typeof selector === 'object' && isList(selector) ? formatAny(selector) : conditionsOf(selector).join(' and ');
}

function formatAny(selectors: readonly Selector[]): string {
  if (selectors.length === 0) return 'not *';
  return selectors.map(formatSelector).join(' or ');
}

/** What is ANDed. */
function conditionsOf(selector: Selector): readonly string[] {
  if (typeof selector === 'string') return [formatName(selector)];
  const { any, all, not, ...fields } = selector;
  const conditions = [
    ...formatFields(fields, ''),
    // Brackets keep apart what is said of different endpoints.
    ...(all ?? []).map((part) => `(${formatSelector(part)})`),
    ...(any === undefined ? [] : [`(${formatAny(any)})`]),
    ...(not === undefined ? [] : [`not (${formatSelector(not)})`]),
  ];
  return conditions.length === 0 ? ['*'] : conditions;
}

function formatFields(fields: object, prefix: string): readonly string[] {
  return Object.entries(fields).flatMap(([key, value]: [string, unknown]) => {
    if (value === undefined) return [];
    const keyedPrefix = keyedFields.find(([, path]) => path.join('.') === `${prefix}${key}`)?.[0];
    if (keyedPrefix !== undefined) {
      return Object.entries(value as object).map(([name, wanted]) =>
        formatCondition(`${keyedPrefix}${quoteOdd(name)}`, wanted),
      );
    }
    if (key === 'endpoint') return formatEndpoint(value as object);
    return [formatCondition(`${prefix}${key}`, value)];
  });
}

function formatEndpoint(fields: object): readonly string[] {
  const conditions = formatFields(fields, 'endpoint.');
  return conditions.length === 0 ? ['endpoint.address=*'] : conditions;
}

function formatCondition(field: string, value: unknown): string {
  if (value === true) return field;
  if (value === false) return `not ${field}`;
  if (!Array.isArray(value)) return `${field}=${quoteOdd(String(value))}`;
  // An empty list matches nothing.
  if (value.length === 0) return 'not *';
  return value.length === 1
    ? `${field}=${quoteOdd(String(value[0]))}`
    : `${field} in (${value.map((one) => quoteOdd(String(one))).join(', ')})`;
}

function formatName(pattern: string): string {
  return findField(pattern)?.standsAlone ? JSON.stringify(pattern) : quoteOdd(pattern);
}

/** Text that means itself stays as it is; JSON's way of quoting keeps everything else on one line. */
function quoteOdd(text: string): string {
  return /^[\w./*:#@+-]+$/.test(text) && !/^(and|or|not|in)$/.test(text) ? text : JSON.stringify(text);
}

function isList(value: object): value is readonly Selector[] {
  return Array.isArray(value);
}
