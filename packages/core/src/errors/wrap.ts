import { isPipelineError, PipelineError } from './pipeline-error.ts';

/** Names the plugin on an error that came out of it; what is not ours is kept as the cause. */
export function wrapPluginError(error: unknown, plugin: { readonly id: string; readonly kind: string }): PipelineError {
  const wrapped = isPipelineError(error)
    ? error
    : new PipelineError(messageOf(error), { code: 'PLUGIN_FAILED', cause: error });
  wrapped.plugin ??= plugin;
  return wrapped;
}

/** The message of anything that was thrown, with the messages of its causes where they add something. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  const cause = error.cause instanceof Error ? messageOf(error.cause) : undefined;
  return cause === undefined || own.includes(cause) ? own : `${own}: ${cause}`;
}
