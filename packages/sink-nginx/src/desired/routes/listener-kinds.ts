import type { Settings } from '../../settings.ts';

/** Where TLS ends; a route that asks for it holds there alone. */
export interface ListenerKinds {
  readonly hasPlain: boolean;
  readonly hasTls: boolean;
}

export function listenerKinds({ listeners }: Pick<Settings, 'listeners'>): ListenerKinds {
  return {
    hasPlain: listeners.some(({ tls }) => tls === undefined),
    hasTls: listeners.some(({ tls }) => tls !== undefined),
  };
}
