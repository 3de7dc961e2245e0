import { isEqualData, type Service } from '@signalbox/core';

/** Whether two states of a service differ in their endpoints alone, if at all: most changes do. */
export function differsInEndpointsAlone(before: Service, after: Service): boolean {
  return isEqualData({ ...before, endpoints: after.endpoints }, after);
}
