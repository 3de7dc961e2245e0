import type { Route } from '@signalbox/core';
import type { ListenerKinds } from '@signalbox/sink-kit';

/** In front of a key: the entry holds for requests over TLS alone. No host name that a client sends has a colon. */
export const tlsScope = 'tls:';

/** Only where a sink has listeners of both kinds are there two answers for one host and path, and so keys for each. */
export function isMixed({ hasPlain, hasTls }: ListenerKinds): boolean {
  return hasPlain && hasTls;
}

export function wantsTls({ tls }: Route): boolean {
  return tls?.mode === 'terminate';
}

/** The keys of an entry in the maps, one for each kind of listener. */
export function scopedKeys(key: string, onlyTls: boolean, kinds: ListenerKinds): readonly string[] {
  if (!isMixed(kinds)) return [key];
  return onlyTls ? [`${tlsScope}${key}`] : [key, `${tlsScope}${key}`];
}

export function withoutScope(key: string): string {
  return key.startsWith(tlsScope) ? key.slice(tlsScope.length) : key;
}
