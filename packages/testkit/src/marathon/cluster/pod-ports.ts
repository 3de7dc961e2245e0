import type { Task } from './task.ts';

/** The host ports of an instance of a pod by the names of the endpoints; endpoints without one are left out. */
export function podPortsOf(task: Task): ReadonlyMap<string, number> {
  const withHostPort = task.spec.portMappings.filter(({ hostPort }) => hostPort !== undefined);
  return new Map(
    withHostPort.flatMap(({ name }, index) => {
      const port = task.ports[index];
      return name === undefined || port === undefined ? [] : [[name, port] as const];
    }),
  );
}

/** The host ports of one container, in the order of its endpoints. */
export function portsOfContainer(task: Task, container: string): number[] {
  const ports = podPortsOf(task);
  const endpoints = task.spec.pod?.containers.find(({ name }) => name === container)?.endpoints ?? [];
  return endpoints.flatMap(({ name }) => ports.get(name) ?? []);
}
