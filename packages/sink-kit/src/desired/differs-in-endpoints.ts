import { isEqualData, type Service } from '@signalbox/core';

/** Whether two states of a service differ in their endpoints alone, if at all: most changes do. */
export function differsInEndpointsAlone(before: Service, after: Service): boolean {
  return hasEqualRest(before, after) && hasEqualRest(after, before);
}

/** Property by property, nearly all of which are the same object: a copy with the other endpoints would cost more than comparing. */
function hasEqualRest(service: Service, other: Service): boolean {
  for (const key of Object.keys(service) as (keyof Service)[]) {
    if (key !== 'endpoints' && service[key] !== other[key] && !isEqualData(service[key], other[key])) return false;
  }
  return true;
}
