import { SinkError } from '@signalbox/core';
import { createJudge, type Judge } from '@signalbox/sink-kit';
import { parseConfigMessages } from '../control/check.ts';
import type { Backend, Desired } from '../desired/model.ts';
import type { Settings } from '../settings.ts';
import { checkCandidate } from './check-candidate.ts';
import { keepBackends } from './keep-backends.ts';

export type CandidateJudge = Judge<Desired, Backend>;

export function createCandidateJudge(settings: Settings): CandidateJudge {
  return createJudge({
    check: (desired, signal) => checkCandidate(desired, settings, signal),
    itemsOf: ({ backends }) => backends.values(),
    keep: keepBackends,
    explain: wordsOf,
  });
}

/** The first alert, which names the cause; later ones are consequences. */
function wordsOf(error: Error): string {
  const output = error instanceof SinkError ? (error.output ?? '') : '';
  return parseConfigMessages(output).find(({ severity }) => severity === 'alert')?.text ?? error.message;
}
