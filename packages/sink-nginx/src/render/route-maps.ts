import { sha256 } from '@signalbox/sink-kit';
import type { Condition, Desired, HostRoutes, Rule } from '../desired/model.ts';
import { block } from './block.ts';
import * as safe from './escape.ts';
import type { Locations } from './locations.ts';

interface PlacedRule extends Rule {
  /** Of the path, without anchor. */
  readonly pathRegex: string;
}

const anything = '/';

/** Maps that say `1` where a condition holds; equal conditions share one. */
export function renderConditions(desired: Desired): readonly string[] {
  const maps = new Map<string, string>();
  for (const { exact, prefix } of desired.hosts.values()) {
    for (const rules of [...exact.values(), ...prefix.values()]) {
      for (const { conditions } of rules) {
        for (const condition of conditions) maps.set(conditionVariable(condition), renderCondition(condition));
      }
    }
  }
  return [...maps].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, text]) => text);
}

/** Leads host, path and conditions to a target. A host whose routes need more than its name has a map of its own, which is looked at for it alone. */
export function renderRoutes(desired: Desired, locations: Locations): readonly string[] {
  const maps: string[] = [];
  const keys: string[] = [];
  for (const host of desired.hosts.keys()) {
    const { target, map } = renderHost(host, desired, locations);
    if (map !== undefined) maps.push(map);
    keys.push(host === '*' ? `default ${target};` : `${safe.hostKey(host)} ${target};`);
  }
  return [...maps, block('map $host $signalbox_routed', ['hostnames;', ...keys])];
}

function renderHost(
  host: string,
  desired: Desired,
  locations: Locations,
): { readonly target: string; readonly map?: string } {
  const rules = placeRules(host, desired);
  const [first] = rules;
  if (first === undefined) return { target: '""' };
  const toTarget = ({ upstream, actions }: Rule): string => locations.toTarget(upstream, actions);
  if (first.pathRegex === anything && first.conditions.length === 0) return { target: toTarget(first) };
  const variable = `signalbox_host_${sha256(host).slice(0, 12)}`;
  const conditions = [...new Set(rules.flatMap((rule) => rule.conditions.map(conditionVariable)))].sort();
  const entries = rules.map((rule) => {
    const own = new Set(rule.conditions.map(conditionVariable));
    const bits = conditions.map((name) => (own.has(name) ? '1' : '.')).join('');
    return `${safe.quotedRegex(`^${bits}${rule.pathRegex}`)} ${toTarget(rule)};`;
  });
  const source = `${conditions.map((name) => `\${${name}}`).join('')}\${signalbox_path}`;
  return { target: `$${variable}`, map: block(`map "${source}" $${variable}`, ['default "";', ...entries]) };
}

/** All rules that may take a request of this host, in the order in which they are tried. What comes after one that takes everything is left out. */
function placeRules(host: string, { hosts }: Desired): readonly PlacedRule[] {
  const rules: PlacedRule[] = [];
  for (const level of levelsOf(host)) {
    const routes = hosts.get(level);
    if (routes === undefined) continue;
    for (const rule of orderedRules(routes)) {
      rules.push(rule);
      if (rule.pathRegex === anything && rule.conditions.length === 0) return rules;
    }
  }
  return rules;
}

/** The host itself, then the longer wildcard before the shorter, then any host. */
function levelsOf(host: string): readonly string[] {
  if (host === '*') return ['*'];
  const labels = host.split('.');
  const wildcards = labels.map((_, index) => ['*', ...labels.slice(index + 1)].join('.'));
  return [host, ...wildcards.slice(0, -1).filter((wildcard) => wildcard !== host), '*'];
}

function orderedRules({ exact, prefix }: HostRoutes): readonly PlacedRule[] {
  const byPath = (left: readonly [string, unknown], right: readonly [string, unknown]): number =>
    left[0] < right[0] ? -1 : 1;
  const byLength = (left: readonly [string, unknown], right: readonly [string, unknown]): number =>
    right[0].length - left[0].length || byPath(left, right);
  return [
    ...[...exact]
      .sort(byPath)
      .flatMap(([path, rules]) => rules.map((rule) => ({ ...rule, pathRegex: `${safe.regexLiteral(path)}$` }))),
    ...[...prefix]
      .sort(byLength)
      .flatMap(([path, rules]) => rules.map((rule) => ({ ...rule, pathRegex: prefixRegex(path) }))),
  ];
}

function prefixRegex(path: string): string {
  return path === '/' ? anything : `${safe.regexLiteral(path.slice(0, -1))}(?:/|$)`;
}

function conditionVariable(condition: Condition): string {
  return `signalbox_if_${sha256(JSON.stringify(condition)).slice(0, 12)}`;
}

function renderCondition(condition: Condition): string {
  const variable = `$${conditionVariable(condition)}`;
  const map = (source: string, keys: readonly string[]): string =>
    block(`map ${source} ${variable}`, ['default 0;', ...keys.map((key) => `${key} 1;`)]);
  switch (condition.on) {
    case 'method':
      return map('$request_method', condition.methods.map(safe.quoted));
    case 'tls':
      return map('$https', ['on']);
    case 'path':
      return map('$signalbox_path', [safe.quotedRegex(condition.value)]);
    case 'header':
      return map(`$http_${safe.name(condition.name.replaceAll('-', '_'))}`, [
        safe.quotedRegex(condition.type === 'regex' ? condition.value : `^${safe.regexLiteral(condition.value)}$`),
      ]);
    case 'query':
      return map('$args', [
        safe.quotedRegex(`(?:^|&)${encodedLiteral(condition.name)}=${encodedLiteral(condition.value)}(?:&|$)`),
      ]);
  }
}

/** Text in a query, each character as it is or percent-encoded. */
function encodedLiteral(text: string): string {
  return [...text]
    .map((character) => {
      const code = character.charCodeAt(0).toString(16).padStart(2, '0');
      const encoded = `%(?i:${code})`;
      if (character === ' ') return `(?:\\+|${encoded})`;
      // These are syntax unless they are encoded.
      if ('+&%#'.includes(character)) return encoded;
      return `(?:${safe.regexLiteral(character)}|${encoded})`;
    })
    .join('');
}
