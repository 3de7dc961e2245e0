import { type Selector, silentLogger } from '@signalbox/core';
import type { Path } from '../config/tree.ts';
import type { Invocation } from '../invocation.ts';
import { runOnce, type TimeoutOption } from '../run-once.ts';
import { findEndpoints, type MatchedEndpoint } from './find-endpoints.ts';

/** Asks the sources what a selector matches now, behind the file as it is. Nothing is changed. */
export async function lookAtMatches(
  invocation: Invocation,
  timeout: TimeoutOption,
  path: Path,
  selector: Selector,
): Promise<readonly MatchedEndpoint[]> {
  const { pipelineOptions } = await invocation.loadConfig();
  // Of all that could be said, only this is asked for; what goes wrong is thrown.
  const quiet = { ...invocation, createLogger: async () => silentLogger };
  return runOnce(quiet, pipelineOptions, timeout, (pipeline, signal) =>
    pipeline.inspect(
      signal,
      async ({ firstCatalog }) => {
        await firstCatalog();
        return findEndpoints(pipeline.trace, path, selector);
      },
      { singlePass: true },
    ),
  );
}
