import { SinkError } from '@signalbox/core';
import { createJudge, type Judge } from '@signalbox/sink-kit';
import type { Desired, Upstream } from '../desired/model.ts';
import type { RenderOptions } from '../render/config.ts';
import { checkCandidate } from './check-candidate.ts';
import { keepUpstreams } from './keep-upstreams.ts';

export interface Candidate {
  readonly desired: Desired;
  readonly render: RenderOptions;
}

export type CandidateJudge = Judge<Candidate, Upstream>;

export function createCandidateJudge(): CandidateJudge {
  return createJudge<Candidate, Upstream>({
    check: ({ desired, render }, signal) => checkCandidate(desired, render, signal),
    itemsOf: ({ desired }) => desired.upstreams.values(),
    keep: ({ desired, render }, upstreams) => ({ desired: keepUpstreams(desired, upstreams), render }),
    explain: wordsOf,
  });
}

/** The first emergency names the cause. Without date, pid and place: the file is gone by now, and the next check says the same. */
function wordsOf(error: Error): string {
  const output = error instanceof SinkError ? (error.output ?? '') : '';
  const line = output.split('\n').find((text) => text.includes('[emerg]')) ?? error.message;
  return line.replace(/^.*?\[emerg\] (\d+#\d+: )?/, '').replace(/ in \/\S+:\d+$/, '');
}
