import { assertSocketPath } from '@signalbox/sink-kit';

/**
 * What HAProxy takes for a socket that it creates ("socket path ... too long (max 97)", 2.6): it binds under a longer
 * name first and then renames.
 */
const maxBindablePathBytes = 97;

/** For a socket that HAProxy shall create. @throws {ConfigError} CONFIG_INVALID */
export function assertBindableSocketPath(path: string): void {
  assertSocketPath(path, maxBindablePathBytes);
}
