import type { Service, Transform } from '@signalbox/core';

export function run(transform: Transform, services: readonly Service[]): Service[] {
  return [...transform.transform(services)];
}
