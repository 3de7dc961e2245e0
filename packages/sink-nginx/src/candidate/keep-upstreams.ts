import type { Desired, HostRoutes, Rule, Upstream } from '../desired/model.ts';

/** The same with these upstreams only, and what leads to them. */
export function keepUpstreams(desired: Desired, upstreams: readonly Upstream[]): Desired {
  const kept = new Map(upstreams.map((upstream) => [upstream.name, upstream]));
  const onlyPorts = (ports: ReadonlyMap<number, string>): ReadonlyMap<number, string> =>
    new Map([...ports].filter(([, name]) => kept.has(name)));
  const onlyRules = (rules: HostRoutes['exact']): HostRoutes['exact'] =>
    new Map(
      [...rules]
        .map(([path, list]): [string, readonly Rule[]] => [path, list.filter(({ upstream }) => kept.has(upstream))])
        .filter(([, list]) => list.length > 0),
    );
  const { http, tcp, udp } = desired.ports;
  return {
    ...desired,
    upstreams: kept,
    passthrough: new Map([...desired.passthrough].filter(([, name]) => name === undefined || kept.has(name))),
    ports: { http: onlyPorts(http), tcp: onlyPorts(tcp), udp: onlyPorts(udp) },
    hosts: new Map(
      [...desired.hosts].map(([host, { exact, prefix }]) => [
        host,
        { exact: onlyRules(exact), prefix: onlyRules(prefix) },
      ]),
    ),
  };
}
