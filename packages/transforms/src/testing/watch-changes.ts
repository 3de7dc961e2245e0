import { silentLogger, type Transform } from '@signalbox/core';

/** Counts what the transform yields until it is disposed. */
export function watchChanges(transform: Transform): { readonly count: number } & AsyncDisposable {
  const controller = new AbortController();
  let count = 0;
  const watching = (async () => {
    const context = { id: 'test', signal: controller.signal, logger: silentLogger };
    for await (const _ of transform.changes?.(context) ?? []) count += 1;
  })();
  return {
    get count() {
      return count;
    },
    async [Symbol.asyncDispose]() {
      controller.abort();
      await watching;
    },
  };
}
