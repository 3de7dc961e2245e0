import { type AppSpec, servicePortsOf } from './app.ts';

/** `local_port_min` of Marathon. */
const firstServicePort = 10_000;

/**
 * Replaces each service port 0 by the lowest number that no other app holds. An app that again asks for 0 keeps the number which it had
 * (MS/core/group/impl/AssignDynamicServiceLogic.scala).
 */
export function assignServicePorts(spec: AppSpec, before: AppSpec | undefined, others: Iterable<AppSpec>): AppSpec {
  const kept = before === undefined ? [] : servicePortsOf(before);
  const wanted = servicePortsOf(spec);
  if (!wanted.includes(0)) return spec;
  const taken = new Set<number>(wanted);
  for (const other of others) for (const port of servicePortsOf(other)) taken.add(port);
  const assigned = wanted.map((port, index) => {
    if (port !== 0) return port;
    const own = kept[index];
    const assignedPort = own !== undefined && !taken.has(own) ? own : lowestFree(taken);
    taken.add(assignedPort);
    return assignedPort;
  });
  return {
    ...spec,
    portDefinitions: spec.portDefinitions.map((definition, index) => ({ ...definition, port: assigned[index] ?? 0 })),
    portMappings: spec.portMappings.map((mapping, index) => ({ ...mapping, servicePort: assigned[index] ?? 0 })),
  };
}

function lowestFree(taken: ReadonlySet<number>): number {
  let port = firstServicePort;
  while (taken.has(port)) port += 1;
  return port;
}
