import type { Outcome } from '../measure/outcome.ts';
import type { Scene } from './scene.ts';

/** One event in the life of a cluster, with what Signalbox promises about it. */
export interface Act {
  readonly title: string;
  /** What happens, one sentence. */
  readonly story: string;
  readonly promises: readonly ActPromise[];
  perform(scene: Scene): Promise<void>;
}

export interface ActPromise {
  readonly text: string;
  /** Why it was not kept, or undefined. */
  findBreach(outcome: Outcome): string | undefined;
}

/** A promise with what became of it. */
export interface KeptPromise {
  readonly text: string;
  readonly breach?: string;
}

export interface ActResult {
  readonly title: string;
  readonly promises: readonly KeptPromise[];
  readonly outcome: Outcome;
}

export function judgeAct({ title, promises }: Act, outcome: Outcome): ActResult {
  return {
    title,
    outcome,
    promises: promises.map(({ text, findBreach }) => {
      const breach = findBreach(outcome);
      return { text, ...(breach === undefined ? {} : { breach }) };
    }),
  };
}

export function isKept({ promises }: ActResult): boolean {
  return promises.every(({ breach }) => breach === undefined);
}
