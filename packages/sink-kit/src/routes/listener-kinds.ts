/** Where TLS ends; a route that asks for it holds there alone. */
export interface ListenerKinds {
  readonly hasPlain: boolean;
  readonly hasTls: boolean;
}

export function listenerKinds({
  listeners,
}: {
  readonly listeners: readonly { readonly tls: object | undefined }[];
}): ListenerKinds {
  return {
    hasPlain: listeners.some(({ tls }) => tls === undefined),
    hasTls: listeners.some(({ tls }) => tls !== undefined),
  };
}
