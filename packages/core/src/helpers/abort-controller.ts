import { setMaxListeners } from 'node:events';

/** A controller whose signal many may listen to: one listener for each source, sink and wait is no leak to warn of. */
export function createController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** A controller that also aborts with its parent. Call `release` when it is done with, so that a long-lived parent does not collect listeners. */
export function childController(parent: AbortSignal): { readonly controller: AbortController; release(): void } {
  const controller = createController();
  const onAbort = (): void => controller.abort(parent.reason);
  if (parent.aborted) onAbort();
  else parent.addEventListener('abort', onAbort, { once: true });
  return { controller, release: () => parent.removeEventListener('abort', onAbort) };
}
