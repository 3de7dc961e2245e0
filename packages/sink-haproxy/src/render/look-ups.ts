import type { Desired } from '../desired/model.ts';
import { tlsScope } from '../desired/routes/scopes.ts';
import { endOfPath } from '../desired/routes/spot-key.ts';
import type { RenderedRules } from './rules.ts';

/** Host names that are looked up together with the path of the request. */
export interface Scope {
  /** The variable that has the key, where it is needed twice. */
  readonly key: string;
  readonly fetch: string;
  /** What the fetch takes from `txn.suffix`. */
  readonly suffix?: string;
  readonly condition?: string;
}

/** The host as it is, then the longer wildcard, then any host. */
export function scopesOf({ wildcardLabels }: Desired, host: string): readonly Scope[] {
  const path = `concat(,txn.path,${endOfPath})`;
  return [
    { key: 'txn.key', fetch: `${host},${path}` },
    ...wildcardLabels.map((labels) => ({
      key: `txn.key_${labels}`,
      // field(-1,.,n) are the last n labels; one more in front is what `*.` stands for.
      suffix: `${host},field(-1,.,${labels})`,
      fetch: `str(*.),concat(,txn.suffix),${path}`,
      condition: `{ ${host},field(-${labels + 1},.) -m len gt 0 }`,
    })),
    { key: 'txn.key_any', fetch: `str(*),${path}` },
  ];
}

export interface LookUpOptions {
  readonly rules: RenderedRules;
  /** The map. */
  readonly route: string;
  /** Whether listeners with TLS and such without have routes of their own. */
  readonly mixed: boolean;
}

/** Finds the first of these that has an entry. */
export function lookUpLines(scopes: readonly Scope[], { rules, route, mixed }: LookUpOptions): readonly string[] {
  return scopes.flatMap(({ key, suffix, fetch, condition }, index) => {
    const isRuled = rules.keys.has(key);
    const unlessFound = index === 0 ? undefined : '!{ var(txn.to) -m found }';
    // What a rule asks for is there, whatever was found.
    const unlessNeeded = isRuled ? undefined : unlessFound;
    const find = (entry: string, ...conditions: Conditions): string =>
      setVariable('txn.to', `${entry},map_beg(${route})`, unlessFound, ...conditions);
    return [
      ...(suffix === undefined ? [] : [setVariable('txn.suffix', suffix, unlessNeeded)]),
      ...(mixed || isRuled
        ? [
            setVariable(key, fetch, unlessNeeded, condition),
            find(mixed ? `ssl_fc,iif(${tlsScope},),concat(,${key})` : `var(${key})`),
          ]
        : [find(fetch, condition)]),
    ];
  });
}

type Conditions = readonly (string | undefined)[];

function setVariable(name: string, fetch: string, ...conditions: Conditions): string {
  const all = conditions.filter((condition) => condition !== undefined);
  return `http-request set-var(${name}) ${fetch}${all.length === 0 ? '' : ` if ${all.join(' ')}`}`;
}
