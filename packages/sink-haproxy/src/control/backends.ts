import type { Mode } from '../desired/model.ts';

/** Answered by what {@link parseBackends} takes. */
export const showBackendsCommand = 'show backend';

/** Names of all backends, ours or not. */
export function parseBackends(text: string): Set<string> {
  return new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
}

/** Answered by what {@link addsBackends} takes. */
export const helpCommand = 'help add backend';

/** Whether the process can be told of a backend: from 3.4 on. It lists the commands that are most like the one asked for. */
export function addsBackends(help: string): boolean {
  return /^\s*add backend /m.test(help);
}

/** `from` is a named `defaults` section, which gives all settings. The backend takes no traffic until it is published. */
export function addBackendCommand(name: string, from: string, mode: Mode): string {
  return `add backend ${name} from ${from} mode ${mode}`;
}

export const backendAddedReply = 'New backend registered.';

/** Answers the same when it was published before. */
export function publishBackendCommand(name: string): string {
  return `publish backend ${name}`;
}

export const backendPublishedReply = 'Backend published.';

/**
 * Refused while the backend has a server or a request, so it is published again, which a backend that is gone does not take amiss. Nothing leads to
 * it any more when this is asked for.
 */
export function deleteBackendCommands(name: string): readonly string[] {
  return [`unpublish backend ${name}`, `del backend ${name}`, publishBackendCommand(name)];
}
