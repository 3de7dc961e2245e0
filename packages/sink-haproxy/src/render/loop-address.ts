import { sha256 } from '@signalbox/sink-kit';
import type { Settings } from '../settings.ts';

/**
 * Where the listener ends TLS when another frontend looks at the names first. An abstract socket (abns, Linux): a file would have to be opened to
 * the user that HAProxy drops its rights to, and would lie outside of a `chroot`.
 */
export function loopAddress({ runDirectory }: Pick<Settings, 'runDirectory'>, index: number): string {
  return `abns@signalbox-${sha256(runDirectory).slice(0, 12)}-${index}`;
}
