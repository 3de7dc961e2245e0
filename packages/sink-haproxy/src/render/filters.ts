import type { FilterRule, RouteFilter } from '../desired/model.ts';
import * as safe from './escape.ts';
import { section } from './section.ts';

/** Holds once a map or a rule gave the request a target with a filter. */
export const hasFilter = '{ var(txn.to),field(3,:) -m found }';

/** What routes do besides leading requests: all of it behind one check, so that routes without a filter pay for no more. */
export function renderFilters(filters: readonly RouteFilter[]): readonly string[] {
  if (filters.length === 0) return [];
  const responseRules = filters.flatMap((filter) => filter.responseRules.map((rule) => guard(rule, filter)));
  return [
    `http-request allow if !${hasFilter}`,
    'http-request set-var(txn.route) var(txn.to),field(3,:)',
    ...filters.flatMap((filter) => filter.requestRules.map((rule) => guard(rule, filter))),
    ...(responseRules.length === 0 ? [] : ['http-response allow if !{ var(txn.route) -m found }', ...responseRules]),
  ];
}

/** Sections of their own, each once: routes with the same users share one. */
export function renderUserlists(filters: readonly RouteFilter[]): readonly string[] {
  const sections = new Map<string, string>();
  for (const { userlist } of filters) {
    if (userlist !== undefined)
      sections.set(userlist.name, section(`userlist ${safe.name(userlist.name)}`, userlist.lines));
  }
  return [...sections].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, text]) => text);
}

function guard({ action, condition }: FilterRule, { id }: RouteFilter): string {
  return [
    `${action} if { var(txn.route) -m str ${safe.name(id)} }`,
    ...(condition === undefined ? [] : [condition]),
  ].join(' ');
}
