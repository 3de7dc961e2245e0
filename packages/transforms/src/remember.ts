import type { Service } from '@signalbox/core';

/** What `make` gives for a service, made once for each object: a service that did not change is not looked at again. */
export function remember<Result extends {}>(make: (service: Service) => Result): (service: Service) => Result {
  const results = new WeakMap<Service, Result>();
  return (service) => {
    const known = results.get(service);
    if (known !== undefined) return known;
    const result = make(service);
    results.set(service, result);
    return result;
  };
}
