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
  return collectMessage(error, new Set());
}

function collectMessage(error: unknown, seen: Set<unknown>): string {
  if (!(error instanceof Error)) return String(error);
  seen.add(error);
  const own = ownMessage(error, seen);
  if (!(error.cause instanceof Error) || seen.has(error.cause)) return own;
  const cause = collectMessage(error.cause, seen);
  return own.includes(cause) ? own : `${own}: ${cause}`;
}

/** Node throws an AggregateError without a message when none of the addresses of a host can be connected to. */
function ownMessage(error: Error, seen: Set<unknown>): string {
  if (error.message !== '') return error.message;
  const parts = error instanceof AggregateError ? error.errors.filter((part) => !seen.has(part)) : [];
  return parts.length > 0 ? parts.map((part) => collectMessage(part, seen)).join('; ') : error.name;
}
