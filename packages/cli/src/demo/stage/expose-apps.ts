import type { Service, Transform } from '@signalbox/core';

/** Gives each app its host name on the shared listener. */
export function exposeApps(hostnames: ReadonlyMap<string, string>): Transform {
  const exposed = new WeakMap<Service, Service>();
  return {
    transform: (services) =>
      services.map((service) => {
        const hostname = hostnames.get(service.name);
        if (hostname === undefined) return service;
        const known = exposed.get(service) ?? { ...service, routes: [{ hostnames: [hostname] }] };
        exposed.set(service, known);
        return known;
      }),
  };
}
