import type { Route } from '@signalbox/core';
import { checkConditions, type RouteCondition } from '@signalbox/sink-kit';
import * as safe from '../../render/escape.ts';

/** What a route asks of a request besides host and path. */
export interface Conditions {
  /** Each the text of an `acl` behind its name, in an order that does not depend on the route's. All have to hold. */
  readonly conditions: readonly string[];
  /** Regular expression, method, headers, query parameters, TLS alone: the most of the first kind goes first, then of the next. */
  readonly weights: readonly number[];
}

/** With `onlyTls` the conditions hold for requests over TLS alone; a route without any other condition says so by its key instead. */
export function describeConditions(route: Route, onlyTls = false): Conditions | { readonly problem: string } {
  const checked = checkConditions(route);
  if ('problem' in checked) return checked;
  const conditions = checked.conditions.map(toAcl);
  if (onlyTls && conditions.length > 0) conditions.push('ssl_fc');
  return { conditions, weights: [...checked.weights, onlyTls ? 1 : 0] };
}

function toAcl(condition: RouteCondition): string {
  switch (condition.on) {
    case 'method':
      return `method -- ${condition.methods.join(' ')}`;
    case 'path':
      return matchValue('var(txn.path)', condition);
    case 'header':
      // fhdr is the whole value; hdr would cut it at commas.
      return matchValue(`req.fhdr(${condition.name})`, condition);
    case 'query':
      return matchValue(`url_param(${condition.name}),url_dec(1)`, condition);
  }
}

/** Behind `--` nothing is an option: `-f` would read a file. */
function matchValue(fetch: string, { type, value }: { readonly type: string; readonly value: string }): string {
  return `${fetch} -m ${type === 'regex' ? 'reg' : 'str'} -- ${safe.quoted(value)}`;
}
