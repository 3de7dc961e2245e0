import type { Endpoint, Service } from '@signalbox/core';
import { endpoint } from './endpoint.ts';

export interface ServiceValues extends Partial<Omit<Service, 'endpoints'>> {
  /** The endpoints, or how many: `2` gives ports 8001 and 8002 on the loopback address. Default 1. */
  readonly endpoints?: number | readonly Endpoint[];
  /** First part of the id. Default `test`. */
  readonly source?: string;
}

/** A TCP service without labels, with the id `<source>:<name>#0` unless it is given. */
export function service(name: string, values: ServiceValues = {}): Service {
  const { source = 'test', endpoints = 1, ...rest } = values;
  return {
    id: `${source}:${name}#0`,
    name,
    protocol: 'tcp',
    labels: {},
    ...rest,
    endpoints:
      typeof endpoints === 'number'
        ? Array.from({ length: endpoints }, (_, index) => endpoint({ port: 8001 + index }))
        : endpoints,
  };
}
