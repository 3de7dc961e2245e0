import { SinkError } from '@signalbox/core';
import { findGuiltyItems } from './find-guilty.ts';

/** What the proxy thinks of a candidate. */
export type Verdict<Item> =
  | { readonly kind: 'good' }
  /** Good without these items; the proxy's words by item. */
  | { readonly kind: 'guilty'; readonly items: ReadonlyMap<Item, string> }
  /** Not good, or it could not be found out, and no item is to blame. */
  | { readonly kind: 'refused'; readonly error: SinkError };

export interface JudgeOptions<Candidate, Item> {
  /** What the proxy's own check says against it, or undefined when it is good. */
  check(candidate: Candidate, signal: AbortSignal): Promise<SinkError | undefined>;
  /** What can be left out by itself. */
  itemsOf(candidate: Candidate): Iterable<Item>;
  /** The same with these items only, and what leads to them. */
  keep(candidate: Candidate, items: readonly Item[]): Candidate;
  /** What names the cause in the words of the check. */
  explain(error: Error): string;
}

export interface Case<Candidate> {
  readonly candidate: Candidate;
  /** Equal candidates have the same. */
  readonly hash: string;
  /** Asks again when the last verdict was not good. */
  readonly again: boolean;
}

/** Remembers verdicts, so that a check (seconds at 10,000 services) runs once for each candidate. */
export interface Judge<Candidate, Item> {
  judge(question: Case<Candidate>, signal: AbortSignal): Promise<Verdict<Item>>;
}

/** Enough for a candidate and its way back. */
const remembered = 8;

export function createJudge<Candidate, Item>(options: JudgeOptions<Candidate, Item>): Judge<Candidate, Item> {
  const verdicts = new Map<string, Verdict<Item>>();
  return {
    async judge({ candidate, hash, again }, signal) {
      const known = verdicts.get(hash);
      if (known !== undefined && (known.kind === 'good' || !again)) return known;
      const verdict = await reachVerdict(candidate, options, signal);
      verdicts.set(hash, verdict);
      const [oldest] = verdicts.keys();
      if (verdicts.size > remembered && oldest !== undefined) verdicts.delete(oldest);
      return verdict;
    },
  };
}

async function reachVerdict<Candidate, Item>(
  candidate: Candidate,
  { check, itemsOf, keep, explain }: JudgeOptions<Candidate, Item>,
  signal: AbortSignal,
): Promise<Verdict<Item>> {
  try {
    const error = await check(candidate, signal);
    if (error === undefined) return { kind: 'good' };
    const guilty = await findGuiltyItems(itemsOf(candidate), (items) => check(keep(candidate, items), signal));
    if (guilty === undefined || guilty.length === 0) return { kind: 'refused', error };
    return { kind: 'guilty', items: new Map(guilty.map(({ item, error: words }) => [item, explain(words)])) };
  } catch (error) {
    // A disk that is full says nothing of any service, and holds up no runtime change.
    if (error instanceof SinkError) return { kind: 'refused', error };
    throw error;
  }
}
