import { type Service, type Snapshot, type Source, silentLogger } from '@signalbox/core';
import { waitFor } from './wait-for.ts';

/** One run of `watch`, taking every set. */
export interface SourceRun {
  /** Everything that was yielded, oldest first. */
  readonly sets: readonly (readonly Service[])[];
  /** What the newest set says of itself. */
  readonly warnings: readonly string[];
  /** What it threw, once it did. */
  readonly error: unknown;
  /** `address:port` of all endpoints of the newest set, sorted. */
  places(): string[];
  until(fits: (places: string[]) => boolean): Promise<void>;
  throws(): Promise<unknown>;
  stop(): Promise<void>;
}

/** @param id - of the source, with which the ids of its services begin */
export function runSource(source: Source, id: string): SourceRun {
  const controller = new AbortController();
  const sets: (readonly Service[])[] = [];
  let texts: readonly string[] = [];
  let failure: { readonly error: unknown } | undefined;
  const ended = (async () => {
    try {
      for await (const update of source.watch({ id, signal: controller.signal, logger: silentLogger })) {
        const { services, warnings = [] } = update as Snapshot;
        sets.push([...services]);
        texts = warnings.map(({ message }) => message);
      }
    } catch (error) {
      failure = { error };
    }
  })();
  const run: SourceRun = {
    sets,
    get warnings() {
      return texts;
    },
    get error() {
      return failure?.error;
    },
    places: () =>
      (sets.at(-1) ?? []).flatMap(({ endpoints }) => endpoints.map(({ address, port }) => `${address}:${port}`)).sort(),
    async until(fits) {
      const description = (): string => `the endpoints; last seen: ${run.places().join(' ')}, ${String(run.error)}`;
      await waitFor(() => sets.length > 0 && fits(run.places()), { timeoutMs: 20_000, description });
    },
    async throws() {
      await waitFor(() => failure !== undefined, { timeoutMs: 20_000, description: 'the watch to throw' });
      return run.error;
    },
    async stop() {
      controller.abort();
      await ended;
    },
  };
  return run;
}
