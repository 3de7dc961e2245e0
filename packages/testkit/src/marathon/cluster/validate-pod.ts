import { type FieldProblem, SimulatorError } from '../error.ts';
import type { PodContainer, PodDefinition } from './pod-definition.ts';
import { idPattern } from './validate-definition.ts';

/** Refuses what Marathon refuses with 422, in the fields that decide how the simulator behaves. */
export function validatePod(pod: PodDefinition): void {
  const problems: FieldProblem[] = [];
  const report = (path: string, error: string) => problems.push({ path, errors: [error] });
  if (!idPattern.test(pod.id)) report('/id', 'must fully match regular expression of path segments');
  if (!Array.isArray(pod.containers) || pod.containers.length === 0) report('/containers', 'must not be empty');
  const containers: readonly PodContainer[] = Array.isArray(pod.containers) ? pod.containers : [];
  const instances = pod.scaling?.instances ?? 1;
  if (!Number.isInteger(instances) || instances < 0) report('/scaling/instances', 'error.expected.jsnumber');
  if (hasTwice(containers.map(({ name }) => name))) report('/containers', 'container names must be unique');
  const endpoints = containers.flatMap((container) => (container.endpoints ?? []).map(({ name }) => name));
  if (hasTwice(endpoints)) report('/containers', 'endpoint names must be unique across all containers');
  for (const { healthCheck } of containers) {
    const target = healthCheck?.http?.endpoint ?? healthCheck?.tcp?.endpoint;
    if (target !== undefined && !endpoints.includes(target)) {
      report('/containers/healthCheck', `endpoint "${target}" does not exist`);
    }
  }
  if (problems.length > 0) throw new SimulatorError('DEFINITION_INVALID', 'Object is not valid', { problems });
}

function hasTwice(names: readonly string[]): boolean {
  return new Set(names).size < names.length;
}
