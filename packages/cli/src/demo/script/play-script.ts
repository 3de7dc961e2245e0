import { messageOf } from '@signalbox/core';
import type { Recorder } from '../measure/recorder.ts';
import type { Narrator } from '../view/narrator.ts';
import { type Act, type ActResult, judgeAct } from './act.ts';
import type { Progress } from './progress.ts';
import type { Scene } from './scene.ts';

export interface PlayOptions {
  readonly acts: readonly Act[];
  readonly scene: Scene;
  readonly recorder: Recorder;
  readonly narrator: Narrator;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Plays one act after another, and judges each by what was seen. An act that cannot be played is one whose promises are broken. */
export async function playScript(options: PlayOptions): Promise<readonly ActResult[]> {
  const { acts, recorder, narrator, progress } = options;
  const results: ActResult[] = [];
  for (const [index, act] of acts.entries()) {
    progress.begin(index, act);
    recorder.beginAct();
    narrator.tell('act', `${progress.title}: ${act.story}`);
    narrator.tell('promise', act.promises.map(({ text }) => text).join('; '));
    await perform(act, options);
    const result = judgeAct(act, recorder.actOutcome());
    progress.end(index, result);
    tellResult(result, narrator);
    results.push(result);
  }
  return results;
}

async function perform(act: Act, { scene, recorder, signal }: PlayOptions): Promise<void> {
  try {
    await act.perform(scene);
  } catch (error) {
    signal.throwIfAborted();
    recorder.onOverdue(messageOf(error));
  }
}

function tellResult({ promises, outcome }: ActResult, narrator: Narrator): void {
  const broken = promises.filter(({ breach }) => breach !== undefined);
  for (const { text, breach } of broken) narrator.tell('broken', `${text}: ${breach}`);
  if (broken.length === 0) narrator.tell('kept', describeOutcome(outcome));
}

/** The numbers of an act in one line. */
export function describeOutcome({ requests, reloads, arrivals }: ActResult['outcome']): string {
  const parts = [
    `${requests.sent} requests`,
    `${requests.failed} failed`,
    ...(requests.cutOff > 0 ? [`${requests.cutOff} cut off`] : []),
    `${reloads} ${reloads === 1 ? 'reload' : 'reloads'}`,
    ...(arrivals === undefined ? [] : [`traffic after ${arrivals.worstMs} ms at worst`]),
  ];
  return parts.join(', ');
}
