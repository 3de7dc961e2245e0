import { sha256 } from '@signalbox/sink-kit';
import type { Desired, RouteRule } from '../desired/model.ts';
import { formatTarget } from '../desired/routes/target.ts';
import * as safe from './escape.ts';
import { hasFilter } from './filters.ts';

export interface RenderedRules {
  readonly acls: readonly string[];
  readonly lines: readonly string[];
  /** Variables that these look at. */
  readonly keys: ReadonlySet<string>;
}

/** Patterns on one line, which has at most 64 words. */
const mostPatterns = 32;

/**
 * Rules in order: the first that holds takes the request, unless a map found a more specific route. It leaves a rank one above that of its
 * spot, so that no later rule of the same spot takes it away.
 */
export function renderRules({ rules, filters }: Desired): RenderedRules {
  if (rules.length === 0) return { acls: [], lines: [], keys: new Set() };
  const conditions = new Map<string, string>();
  for (const rule of rules) {
    for (const text of rule.conditions) conditions.set(conditionName(text), text);
  }
  const gate = renderGate(rules);
  const unlessFiltered = filters.length === 0 ? '' : ` !${hasFilter}`;
  return {
    acls: [...gate, ...[...conditions].map(([name, text]) => `acl ${name} ${text}`)],
    lines: [
      ...(gate.length === 0 ? [] : [`http-request allow if !route_ruled${unlessFiltered}`]),
      ...rules.map(renderRule),
    ],
    keys: new Set(rules.filter((rule) => !isAnything(rule)).map(keyVariable)),
  };
}

function renderRule(rule: RouteRule): string {
  const { backend, keys, rank, filter } = rule;
  const target = formatTarget({ backend: safe.name(backend), rank: rank + 1, filter });
  return [
    `http-request set-var(txn.to) str(${target}) if`,
    ...(isAnything(rule) ? [] : [`{ var(${keyVariable(rule)}) -m beg ${keys.map(safe.mapKey).join(' ')} }`]),
    `!{ var(txn.to),field(2,:) -m int gt ${rank} }`,
    ...rule.conditions.map(conditionName),
  ].join(' ');
}

/** Requests that no rule can concern skip all of them by one check, unless a rule may concern any request. */
function renderGate(rules: readonly RouteRule[]): readonly string[] {
  if (rules.some(isAnything)) return [];
  const keys = new Map<string, Set<string>>();
  for (const rule of rules) {
    const variable = keyVariable(rule);
    const known = keys.get(variable) ?? new Set();
    keys.set(variable, known);
    for (const key of rule.keys) known.add(key);
  }
  const lines: string[] = [];
  for (const [variable, known] of keys) {
    const patterns = [...known].map(safe.mapKey).sort();
    for (let start = 0; start < patterns.length; start += mostPatterns) {
      const some = patterns.slice(start, start + mostPatterns);
      lines.push(`acl route_ruled var(${variable}) -m beg ${some.join(' ')}`);
    }
  }
  return lines;
}

function isAnything({ keys }: RouteRule): boolean {
  return keys.includes('*/');
}

function keyVariable({ keys, wildcardLabels }: RouteRule): string {
  if (wildcardLabels > 0) return `txn.key_${wildcardLabels}`;
  return keys[0]?.startsWith('*') === true ? 'txn.key_any' : 'txn.key';
}

/** Equal conditions share one name, whatever rule they belong to. */
function conditionName(text: string): string {
  return `c_${sha256(text).slice(0, 12)}`;
}
