import { type Logger, silentLogger } from '@signalbox/core';
import { onTestFinished } from 'vitest';
import { type MarathonOptions, marathon } from '../src/index.ts';
import { type FakeMarathon, type rawApp, startFakeMarathon } from './fake-marathon.ts';
import { runSource, type SourceRun } from './run-source.ts';

/** Ends with the test. */
export async function startFake(...apps: ReturnType<typeof rawApp>[]): Promise<FakeMarathon> {
  const fake = await startFakeMarathon(apps);
  onTestFinished(() => fake.stop());
  return fake;
}

/** A source that follows these masters, quickly, until the test ends. */
export function follow(
  masters: readonly Pick<FakeMarathon, 'url'>[],
  options: Partial<MarathonOptions> = {},
  logger: Logger = silentLogger,
): SourceRun {
  const urls = masters.map(({ url }) => url);
  const source = runSource(marathon({ urls, coalesceMs: 5, requestTimeoutMs: 2_000, ...options }), { logger });
  onTestFinished(async () => {
    await source.stop();
  });
  return source;
}
