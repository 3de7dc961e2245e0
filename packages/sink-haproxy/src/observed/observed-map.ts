import { sha256 } from '@signalbox/sink-kit';
import { parseMap } from '../control/maps.ts';
import { optional } from './optional.ts';

export type ObservedMap = ReadonlyMap<string, string>;

/** What a map was read from, for as long as nothing was changed in it since. */
const answers = new WeakMap<ObservedMap, string>();

/**
 * The answer to `show map`; undefined when the process does not have this map. `before` itself when the answer is the one that it was read from: of
 * 10,000 entries nothing is taken apart then, and nothing that was made of them needs to be made again.
 */
export function toMap(text = '', before?: ObservedMap): ObservedMap | undefined {
  const answer = sha256(text);
  if (before !== undefined && answers.get(before) === answer) return before;
  const entries = optional(() => parseMap(text));
  if (entries === undefined) return undefined;
  const map = new Map<string, string>();
  // The first entry of a key is the one that counts.
  for (const { key, value } of entries) if (!map.has(key)) map.set(key, value);
  answers.set(map, answer);
  return map;
}

/** What one key was read to be; undefined when it is not there. Only for the owner of the observation. */
export function updateMap(map: ObservedMap, key: string, value: string | undefined): void {
  if (map.get(key) === value) return;
  answers.delete(map);
  const entries = map as Map<string, string>;
  if (value === undefined) entries.delete(key);
  else entries.set(key, value);
}

/** Remembers what is made of a map, until it changes. What belongs to other inputs as well is theirs to compare. */
export function createMapCache<Value>(): {
  /** `make` is asked when it is not known. */
  get(map: ObservedMap, make: () => Value): Value;
} {
  const known = new WeakMap<ObservedMap, { readonly answer: string; readonly value: Value }>();
  return {
    get(map, make) {
      const answer = answers.get(map);
      const found = known.get(map);
      if (found !== undefined && found.answer === answer) return found.value;
      const value = make();
      if (answer !== undefined) known.set(map, { answer, value });
      return value;
    },
  };
}

const equals = createMapCache<WeakSet<ObservedMap>>();

/** Whether a process has what is wanted. It is remembered: at 10,000 entries comparing takes longer than all else of a plan. */
export function isSameMap(observed: ObservedMap, wanted: ObservedMap): boolean {
  if (observed.size !== wanted.size) return false;
  const known = equals.get(observed, () => new WeakSet());
  if (known.has(wanted)) return true;
  for (const [key, value] of wanted) if (observed.get(key) !== value) return false;
  known.add(wanted);
  return true;
}
