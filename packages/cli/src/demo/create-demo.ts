import { type Load, startLoad } from '@signalbox/testkit/load';
import type { Target } from './load/target.ts';
import { Recorder } from './measure/recorder.ts';
import { toTaskEvent } from './measure/task-event.ts';
import type { Pace } from './pace.ts';
import type { Act } from './script/act.ts';
import { playScript } from './script/play-script.ts';
import { Progress } from './script/progress.ts';
import { createScene } from './script/scene.ts';
import type { Stage } from './stage/stage.ts';
import { type Summary, summarize } from './summary/summary.ts';
import type { Narrator } from './view/narrator.ts';
import { takePicture } from './view/take-picture.ts';
import type { Picture } from './view/view.ts';

export interface DemoOptions {
  readonly stage: Stage;
  readonly acts: readonly Act[];
  /** Apps that are asked from the beginning. */
  readonly apps: readonly string[];
  readonly pace: Pace;
  readonly seed: number;
  readonly narrator: Narrator;
  readonly signal: AbortSignal;
}

/** A stage with clients, and somebody who writes everything down. Disposing it leaves the stage as it is. */
export interface Demo extends AsyncDisposable {
  picture(): Picture;
  /** Plays the script, and ends the clients. Rejects when the signal is aborted, or when the pipeline ends by itself. */
  play(): Promise<Summary>;
  /** Goes on asking all apps until the signal is aborted. Rejects when the pipeline ends by itself. */
  keepAsking(): Promise<void>;
}

/** For what was left running with `--keep`; far more than a script takes. */
const longestLoadMs = 86_400_000;
const mostRequests = 20_000_000;

export function createDemo({ stage, acts, apps, pace, seed, narrator, signal }: DemoOptions): Demo {
  const recorder = new Recorder();
  const progress = new Progress(acts.length);
  const open = (targets: readonly Target[]): Load<Target> =>
    startLoad({
      targets,
      ratePerSecond: 1_000 / pace.requestIntervalMs,
      durationMs: longestLoadMs,
      maxRequests: mostRequests,
      signal,
      onRecord: (record) => narrator.onRequest(record, recorder.onRequest(record)),
    });
  let load: Load<Target> | undefined;
  const stopListening = listen(stage, recorder, narrator);
  const scene = createScene({
    stage,
    recorder,
    pace,
    signal,
    addTargets: (targets) => load?.add(targets),
    say: (text) => narrator.tell('note', text),
  });
  return {
    picture: () => takePicture({ stage, recorder, progress, startedAtMs: narrator.startedAtMs }),
    async play() {
      load = open(apps.flatMap((app) => stage.targetsOf(app)));
      const playing = playScript({ acts, scene, recorder, narrator, progress, signal });
      const results = await Promise.race([playing, stage.failure]);
      // What is in flight counts, too.
      await load.stop();
      const summary = summarize({ proxy: stage.proxy, seed, results, outcome: recorder.runOutcome() });
      progress.finish(summary.kept ? 'All promises were kept' : 'Promises were broken');
      return summary;
    },
    async keepAsking() {
      load = open([...stage.addresses.apps.keys()].flatMap((app) => stage.targetsOf(app)));
      await Promise.race([untilAborted(signal), stage.failure]);
    },
    async [Symbol.asyncDispose]() {
      await load?.stop();
      stopListening();
    },
  };
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function listen({ cluster, pipeline }: Stage, recorder: Recorder, narrator: Narrator): () => void {
  for (const { id, appId } of cluster.tasks()) recorder.knows(id, appId);
  const stops = [
    cluster.onEvent((event) => {
      const taskEvent = toTaskEvent(event);
      if (taskEvent === undefined) return;
      recorder.onTask(taskEvent);
      narrator.onTask(taskEvent);
    }),
    pipeline.subscribe((event) => {
      recorder.onPipelineEvent(event, Object.values(pipeline.status.sources)[0]?.health ?? 'never');
      narrator.onPipelineEvent(event);
    }),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
