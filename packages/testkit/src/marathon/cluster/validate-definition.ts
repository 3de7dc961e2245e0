import { type FieldProblem, SimulatorError } from '../error.ts';
import type { AppDefinition } from './definition.ts';

/** Of apps, pods and groups (RAML/v2/types/stringTypes.raml). */
export const idPattern = /^(\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?)+$/;

/** Refuses what Marathon refuses with 422, in the fields that decide how the simulator behaves. */
export function validateDefinition(definition: AppDefinition): void {
  const problems: FieldProblem[] = [];
  const report = (path: string, error: string) => problems.push({ path, errors: [error] });
  if (!idPattern.test(definition.id)) {
    report('/id', 'must fully match regular expression of path segments: lower case letters, digits, hyphens and dots');
  }
  const instances = definition.instances ?? 1;
  if (!Number.isInteger(instances) || instances < 0) report('/instances', 'error.expected.jsnumber');
  for (const [name, value] of Object.entries(definition.upgradeStrategy ?? {})) {
    if (typeof value !== 'number' || value < 0) report(`/upgradeStrategy/${name}`, 'is less than 0');
    else if (value > 1) report(`/upgradeStrategy/${name}`, 'is greater than 1');
  }
  const modes = new Set((definition.networks ?? []).map((network) => network.mode ?? 'container'));
  if (modes.size > 1) report('/networks', 'Networks must have only one mode');
  if (modes.has('container') && definition.networks?.some((network) => network.name === undefined)) {
    report('/networks', 'container networks must have a name');
  }
  if ((definition.readinessChecks?.length ?? 0) > 1) report('/readinessChecks', 'must have at most one element');
  if (problems.length > 0) throw new SimulatorError('DEFINITION_INVALID', 'Object is not valid', { problems });
}
