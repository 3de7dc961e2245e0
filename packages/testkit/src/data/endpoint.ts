import type { Endpoint } from '@signalbox/core';

/** A healthy endpoint on the loopback address; the id follows from address and port unless it is given. */
export function endpoint(values: Partial<Endpoint> = {}): Endpoint {
  const { address = '127.0.0.1', port = 8000 } = values;
  return { id: `${address}:${port}`, address, port, health: 'healthy', ...values };
}
