import { isEqualData } from '@signalbox/core';
import type { JsonObject } from './read-fields.ts';

/** The parts of an app that its definition is read from, as Marathon sent them. The parser sees nothing else. */
export type DefinitionFields = Readonly<Record<(typeof names)[number], unknown>>;

/** What differs most often comes first, so that a comparison ends early. */
const names = [
  'id',
  'version',
  'instances',
  'labels',
  'networks',
  'container',
  'ipAddress',
  'portDefinitions',
  'ports',
  'healthChecks',
  'readinessChecks',
] as const;

export function definitionFieldsOf(value: JsonObject): DefinitionFields {
  return {
    id: value.id,
    version: value.version,
    instances: value.instances,
    labels: value.labels,
    networks: value.networks,
    container: value.container,
    ipAddress: value.ipAddress,
    portDefinitions: value.portDefinitions,
    ports: value.ports,
    healthChecks: value.healthChecks,
    readinessChecks: value.readinessChecks,
  };
}

/** Whether the app still has the definition that these fields were taken from; copies nothing to find out. */
export function hasDefinition(value: JsonObject, fields: DefinitionFields): boolean {
  return names.every((name) => isEqualData(value[name], fields[name]));
}
