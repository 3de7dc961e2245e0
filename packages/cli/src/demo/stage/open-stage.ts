import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Pipeline, PipelineError } from '@signalbox/core';
import { createMarathonSimulator } from '@signalbox/testkit/marathon';
import type { Pace } from '../pace.ts';
import { createAddresses, portOf } from './addresses.ts';
import { apps, toAppDefinition } from './apps.ts';
import { awaitStart } from './await-start.ts';
import { createDemoPipeline } from './demo-pipeline.ts';
import { guardExit } from './exit-guard.ts';
import { readProxyVersion } from './proxy-version.ts';
import { Releases } from './releases.ts';
import type { Stage } from './stage.ts';
import { createTargets } from './targets.ts';

export interface StageOptions {
  readonly seed: number;
  readonly pace: Pace;
  /** The HAProxy to start. */
  readonly program: string;
  readonly signal: AbortSignal;
}

/**
 * Starts the cluster with its apps, HAProxy in a folder of its own, and the pipeline between them. Resolves when they agree; releases everything
 * when it cannot.
 *
 * @throws {SinkError} SINK_UNREACHABLE when HAProxy is not installed.
 */
export async function openStage(options: StageOptions): Promise<Stage> {
  const proxy = await readProxyVersion(options.program, options.signal);
  const releases = new Releases();
  try {
    return await buildStage(options, proxy, releases);
  } catch (error) {
    await releases.run();
    throw error;
  }
}

async function buildStage(
  { seed, pace, program, signal }: StageOptions,
  proxy: string,
  releases: Releases,
): Promise<Stage> {
  const addresses = await createAddresses();
  const cluster = await createMarathonSimulator({ seed, control: true, timing: pace.timing });
  releases.add(() => cluster.close());
  for (const app of Object.values(apps)) await cluster.createApp(toAppDefinition(app, portOf(addresses, app.id)));
  await cluster.settled();
  signal.throwIfAborted();

  const folder = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
  const runDirectory = join(folder, 'run');
  releases.add(guardExit(folder, runDirectory));
  releases.add(() => rm(folder, { recursive: true, force: true }));
  const config = join(folder, 'haproxy.cfg');
  const pipeline = createDemoPipeline({ urls: cluster.urls, addresses, config, runDirectory, program });
  const failure = start(pipeline, releases);
  const targetsOf: Stage['targetsOf'] = (app) => createTargets(app, addresses);
  const targets = Object.values(apps).flatMap(({ id }) => targetsOf(id));
  await Promise.race([awaitStart({ cluster, pipeline, targets, signal }), failure]);

  return { cluster, pipeline, proxy, addresses, failure, targetsOf, [Symbol.asyncDispose]: () => releases.run() };
}

/** Runs the pipeline until it is released. What it returns rejects when the pipeline ends by itself. */
function start(pipeline: Pipeline, releases: Releases): Promise<never> {
  const stopping = new AbortController();
  const running = pipeline.run(stopping.signal);
  releases.add(async () => {
    stopping.abort();
    await running.catch(() => undefined);
  });
  const failure = new Promise<never>((_resolve, reject) => {
    const onEnd = (cause?: unknown): void => {
      if (!stopping.signal.aborted) reject(cause ?? new PipelineError('the pipeline ended', { code: 'SOURCE_ENDED' }));
    };
    running.then(() => onEnd(), onEnd);
  });
  // Whoever races against it gets the error; nobody may be racing at the moment.
  failure.catch(() => undefined);
  return failure;
}
