import { ConfigError } from '@signalbox/core';

/** The message of the configuration error that is thrown; nothing for any other outcome. */
export function messageOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return '';
}
