import { delay } from '@signalbox/core';
import { readEverything } from './read.ts';
import type { Session } from './session.ts';

/** Reads everything again and again, until the time is over; throws when no master answers. */
export async function poll(session: Session, untilMs: number, signal: AbortSignal): Promise<void> {
  const { registries, options, now, publish } = session;
  let always = true;
  while (now() < untilMs) {
    await readEverything(session, signal);
    publish({ always });
    always = false;
    const nextAtMs = now() + options.pollIntervalMs;
    while (now() < nextAtMs) {
      await delay(Math.max(1, Math.min(nextAtMs, registries.reviewAtMs) - now()), signal);
      if (registries.reviewAtMs <= now()) registries.review();
      publish();
    }
  }
}
